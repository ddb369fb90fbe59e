import { OptimizationCreateV1, Uuid, type OptimizationTrial, type OptimizationV1 } from '@dspy-nest/contracts';
import { pageRequestFrom, toConnection, type Connection } from '@dspy-nest/graphql';
import { ContractPipe } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { Args, Context, ID, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { OptimizationDiffs } from '../optimization-diffs/optimization-diffs.service';
import { OptimizationPublications } from '../optimization-publications/optimization-publications.service';
import { OptimizationReports } from '../optimization-reports/optimization-reports.service';
import { OptimizationsService } from '../optimizations/optimizations.service';
import { ProgramReference } from '../subgraph/evaluation.object';
import {
  CreateOptimizationInput,
  OptimizationConnection,
  OptimizationConnectionArgs,
  OptimizationObject,
  OptimizationTrialObject,
} from '../subgraph/optimization.object';

/** An optimisation as its type has it: names of others beside references to them. */
type Node = OptimizationV1 & Record<'programName' | 'datasetName' | 'metricName' | 'modelName', string>;

const toNode = (row: OptimizationV1): Node => ({
  ...row,
  programName: row.program,
  datasetName: row.dataset,
  metricName: row.metric,
  modelName: row.model,
});

/** Optimisations in GraphQL. */
@Resolver(() => OptimizationObject)
export class OptimizationsResolver {
  constructor(
    private readonly service: OptimizationsService,
    private readonly publications: OptimizationPublications,
    private readonly reports: OptimizationReports,
    private readonly diffs: OptimizationDiffs,
  ) {}

  @Query(() => OptimizationConnection, { description: 'Optimisations, newest first.' })
  async optimizations(
    @Context('context') ctx: RequestContext,
    @Args() args: OptimizationConnectionArgs,
  ): Promise<Connection<Node>> {
    const page = await this.service.list(ctx, pageRequestFrom(args));
    return toConnection({ ...page, items: page.items.map(toNode) });
  }

  @Query(() => OptimizationObject, { nullable: true })
  async optimization(
    @Context('context') ctx: RequestContext,
    @Args('id', { type: () => ID }, new ContractPipe(Uuid)) id: string,
  ): Promise<Node> {
    return toNode(await this.service.get(ctx, id));
  }

  @Mutation(() => OptimizationObject, {
    description: 'Has an optimiser improve a program; read it again to see how it goes.',
  })
  async createOptimization(
    @Context('context') ctx: RequestContext,
    @Args('input', { type: () => CreateOptimizationInput }, new ContractPipe(OptimizationCreateV1))
    input: OptimizationCreateV1,
  ): Promise<Node> {
    return toNode(await this.service.create(ctx, input));
  }

  @Mutation(() => OptimizationObject, { description: 'Ends a run and keeps the best until then.' })
  async stopOptimization(
    @Context('context') ctx: RequestContext,
    @Args('id', { type: () => ID }, new ContractPipe(Uuid)) id: string,
  ): Promise<Node> {
    return toNode(await this.service.stop(ctx, id));
  }

  @Mutation(() => OptimizationObject, { description: 'Ends an optimisation at once; nothing of it is used.' })
  async cancelOptimization(
    @Context('context') ctx: RequestContext,
    @Args('id', { type: () => ID }, new ContractPipe(Uuid)) id: string,
  ): Promise<Node> {
    return toNode(await this.service.cancel(ctx, id));
  }

  @Mutation(() => OptimizationObject, {
    description: 'Publishes the candidate. One that is not shown to be better needs a reason, which is recorded.',
  })
  async publishOptimization(
    @Context('context') ctx: RequestContext,
    @Args('id', { type: () => ID }, new ContractPipe(Uuid)) id: string,
    @Args('overrideReason', { type: () => String, nullable: true }) reason?: string,
  ): Promise<Node> {
    const override = reason === undefined || reason === null ? {} : { override: { reason } };
    return toNode(await this.publications.publish(ctx, { id, ...override }));
  }

  @ResolveField(() => [OptimizationTrialObject], {
    description: 'Trials of the present attempt, those after a number.',
  })
  async trials(
    @Parent() { id }: Node,
    @Context('context') ctx: RequestContext,
    @Args('after', { type: () => Int, nullable: true }) after?: number,
  ): Promise<OptimizationTrial[]> {
    return (await this.reports.trials(ctx, { id, after: after ?? 0 })).items;
  }

  @ResolveField(() => String, { description: 'Instructions and demos of the best candidate against those before.' })
  async diff(@Parent() { id }: Node, @Context('context') ctx: RequestContext): Promise<string> {
    return (await this.diffs.diff(ctx, id)).text;
  }

  @ResolveField(() => ProgramReference, { name: 'program', nullable: true })
  program(@Parent() { programId }: Node): { __typename: string; id: string } {
    return { __typename: 'Program', id: programId };
  }
}

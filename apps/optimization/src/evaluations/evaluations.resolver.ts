import { EvaluationCreateV1, Uuid, type EvaluationV1 } from '@dspy-nest/contracts';
import { pageRequestFrom, toConnection, type Connection } from '@dspy-nest/graphql';
import { ContractPipe } from '@dspy-nest/messaging';
import { type RequestContext } from '@dspy-nest/platform';
import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import {
  CreateEvaluationInput,
  EvaluationConnection,
  EvaluationConnectionArgs,
  EvaluationObject,
  ProgramReference,
} from '../subgraph/evaluation.object';
import { EvaluationsService } from './evaluations.service';

/** An evaluation as its type has it: names of others beside references to them. */
type Node = EvaluationV1 & { programName: string; metricName: string; datasetName: string | null };

const toNode = (row: EvaluationV1): Node => ({
  ...row,
  programName: row.program,
  metricName: row.metric,
  datasetName: row.dataset,
});

/** Evaluations in GraphQL. */
@Resolver(() => EvaluationObject)
export class EvaluationsResolver {
  constructor(private readonly service: EvaluationsService) {}

  @Query(() => EvaluationConnection, { description: 'Evaluations, newest first.' })
  async evaluations(
    @Context('context') ctx: RequestContext,
    @Args() args: EvaluationConnectionArgs,
  ): Promise<Connection<Node>> {
    const page = await this.service.list(ctx, pageRequestFrom(args));
    return toConnection({ ...page, items: page.items.map(toNode) });
  }

  @Query(() => EvaluationObject, { nullable: true })
  async evaluation(
    @Context('context') ctx: RequestContext,
    @Args('id', { type: () => ID }, new ContractPipe(Uuid)) id: string,
  ): Promise<Node> {
    return toNode(await this.service.get(ctx, id));
  }

  @Mutation(() => EvaluationObject, { description: 'Accepts an evaluation; read it again to see how it goes.' })
  async createEvaluation(
    @Context('context') ctx: RequestContext,
    @Args('input', { type: () => CreateEvaluationInput }, new ContractPipe(EvaluationCreateV1))
    input: EvaluationCreateV1,
  ): Promise<Node> {
    return toNode(await this.service.create(ctx, input));
  }

  @Mutation(() => EvaluationObject, { description: 'Has an evaluation run no more examples.' })
  async cancelEvaluation(
    @Context('context') ctx: RequestContext,
    @Args('id', { type: () => ID }, new ContractPipe(Uuid)) id: string,
  ): Promise<Node> {
    return toNode(await this.service.cancel(ctx, id));
  }

  @ResolveField(() => ProgramReference, { name: 'program', nullable: true })
  program(@Parent() { programId }: Node): { __typename: string; id: string } {
    return { __typename: 'Program', id: programId };
  }
}

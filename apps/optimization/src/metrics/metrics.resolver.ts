import { MetricCreateV1, MetricRefV1, MetricUpdateV1, type MetricV1 } from '@dspy-nest/contracts';
import { pageRequestFrom, RequestLoader, toConnection, type Connection } from '@dspy-nest/graphql';
import { ContractPipe } from '@dspy-nest/messaging';
import { type RequestContext } from '@dspy-nest/platform';
import {
  Args,
  ArgsType,
  Context,
  Field,
  Int,
  Mutation,
  Parent,
  Query,
  ResolveField,
  ResolveReference,
  Resolver,
} from '@nestjs/graphql';
import {
  CreateMetricInput,
  MetricConnection,
  MetricConnectionArgs,
  MetricObject,
  UpdateMetricInput,
} from '../subgraph/metric.object';
import { MetricsService } from './metrics.service';

@ArgsType()
class MetricArgs {
  @Field(() => String) name: string;
  @Field(() => Int, { nullable: true }) version?: number;
}

/** Metrics in the subgraph of the service. */
@Resolver(() => MetricObject)
export class MetricsResolver {
  private readonly byId: RequestLoader<{ id: string }, MetricV1>;

  constructor(private readonly service: MetricsService) {
    const fetch = (ctx: RequestContext, refs: { id: string }[]): Promise<MetricV1[]> =>
      service.getMany(
        ctx,
        refs.map(({ id }) => id),
      );
    this.byId = new RequestLoader(fetch, ({ id }) => id);
  }

  @Query(() => MetricConnection)
  async metrics(
    @Context('context') ctx: RequestContext,
    @Args() args: MetricConnectionArgs,
  ): Promise<Connection<MetricV1>> {
    return toConnection(await this.service.list(ctx, pageRequestFrom(args)));
  }

  @Query(() => MetricObject, { nullable: true })
  metric(
    @Context('context') ctx: RequestContext,
    @Args(new ContractPipe(MetricRefV1)) args: MetricArgs,
  ): Promise<MetricV1> {
    return this.service.get(ctx, args);
  }

  @ResolveField(() => MetricConnection, { description: 'All of its versions, the newest first.' })
  async versions(
    @Parent() { name }: MetricV1,
    @Context('context') ctx: RequestContext,
    @Args() args: MetricConnectionArgs,
  ): Promise<Connection<MetricV1>> {
    return toConnection(await this.service.versions(ctx, { ...pageRequestFrom(args), name }));
  }

  @Mutation(() => MetricObject)
  createMetric(
    @Context('context') ctx: RequestContext,
    @Args('input', { type: () => CreateMetricInput }, new ContractPipe(MetricCreateV1)) input: MetricCreateV1,
  ): Promise<MetricV1> {
    return this.service.create(ctx, input);
  }

  @Mutation(() => MetricObject, { description: 'Makes a new version of what is given.' })
  updateMetric(
    @Context('context') ctx: RequestContext,
    @Args('input', { type: () => UpdateMetricInput }, new ContractPipe(MetricUpdateV1)) input: MetricUpdateV1,
  ): Promise<MetricV1> {
    return this.service.update(ctx, input);
  }

  @ResolveReference()
  resolveReference(
    @Parent() { id }: { id: string },
    @Context('context') ctx: RequestContext,
  ): Promise<MetricV1 | null> {
    return this.byId.load(ctx, { id });
  }
}

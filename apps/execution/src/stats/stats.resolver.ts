import { ExecutionStatsGetV1, type ExecutionStatsRow } from '@dspy-nest/contracts';
import { given } from '@dspy-nest/graphql';
import { fromZodError, type RequestContext } from '@dspy-nest/platform';
import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { ExecutionStatsArgs, ExecutionStatsType } from './execution-stats.type';
import { StatsService } from './stats.service';

/** The numbers of what was executed, in GraphQL. */
@Resolver(() => ExecutionStatsType)
export class StatsResolver {
  constructor(private readonly stats: StatsService) {}

  @Query(() => [ExecutionStatsType], {
    name: 'executionStats',
    description: 'Counts, errors, latency, tokens and cost of what ended from `from` to `to`, to whole five minutes.',
  })
  async read(@Context('context') ctx: RequestContext, @Args() args: ExecutionStatsArgs): Promise<ExecutionStatsRow[]> {
    const asked = ExecutionStatsGetV1.safeParse(given(args));
    if (!asked.success) throw fromZodError(asked.error);
    return this.stats.read(ctx, asked.data);
  }
}

import type { ExecutionV1, ModelCallV1 } from '@dspy-nest/contracts';
import { type RequestContext, RequestLoader } from '@dspy-nest/platform';
import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { ExecutionType } from '../executions/execution.type';
import { ModelCallType } from './model-call.type';
import { type ExecutionCalls, ModelCallsService } from './model-calls.service';

/** The model calls of an execution in GraphQL, read only when they are asked for. */
@Resolver(() => ExecutionType)
export class ModelCallsResolver {
  private readonly byExecution: RequestLoader<{ id: string }, ExecutionCalls>;

  constructor(calls: ModelCallsService) {
    const fetch = (ctx: RequestContext, refs: { id: string }[]): Promise<ExecutionCalls[]> =>
      calls.ofMany(
        ctx,
        refs.map(({ id }) => id),
      );
    this.byExecution = new RequestLoader(fetch, ({ id }) => id);
  }

  @ResolveField(() => [ModelCallType], { name: 'calls', description: 'Empty once they are kept no more.' })
  async of(@Context('context') ctx: RequestContext, @Parent() { id }: ExecutionV1): Promise<ModelCallV1[]> {
    return (await this.byExecution.load(ctx, { id }))?.calls ?? [];
  }
}

import type { ExecutionV1, ModelCallV1 } from '@dspy-nest/contracts';
import { RequestLoader } from '@dspy-nest/graphql';
import { type RequestContext } from '@dspy-nest/platform';
import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { ExecutionType } from '../executions/execution.type';
import { ModelCallType } from './model-call.type';
import type { ListedCalls } from './model-calls.repository';
import { ModelCallsService } from './model-calls.service';

const DESCRIPTION =
  'Empty once they are kept no more. Null where they are more than 32 KiB and those of several executions are asked for at ' +
  'once: `execution(id)` has them.';

/** The model calls of an execution in GraphQL, read only when they are asked for. */
@Resolver(() => ExecutionType)
export class ModelCallsResolver {
  private readonly byExecution: RequestLoader<Pick<ListedCalls, 'id'>, ListedCalls>;

  constructor(calls: ModelCallsService) {
    const fetch = (ctx: RequestContext, refs: { id: string }[]): Promise<ListedCalls[]> =>
      calls.ofSome(
        ctx,
        refs.map(({ id }) => id),
      );
    this.byExecution = new RequestLoader(fetch, ({ id }) => id);
  }

  @ResolveField(() => [ModelCallType], { name: 'calls', nullable: true, description: DESCRIPTION })
  async of(@Context('context') ctx: RequestContext, @Parent() { id }: ExecutionV1): Promise<ModelCallV1[] | null> {
    const found = await this.byExecution.load(ctx, { id });
    return found === null ? [] : found.calls;
  }
}

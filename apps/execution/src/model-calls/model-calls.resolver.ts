import type { ExecutionV1, ModelCallV1 } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { ExecutionType } from '../executions/execution.type';
import { ModelCallType } from './model-call.type';
import { ModelCallsService } from './model-calls.service';

/** The model calls of an execution in GraphQL, read only when they are asked for. */
@Resolver(() => ExecutionType)
export class ModelCallsResolver {
  constructor(private readonly calls: ModelCallsService) {}

  @ResolveField(() => [ModelCallType], { name: 'calls', description: 'Empty once they are kept no more.' })
  of(@Context('context') ctx: RequestContext, @Parent() { id }: ExecutionV1): Promise<ModelCallV1[]> {
    return this.calls.of(ctx, id);
  }
}

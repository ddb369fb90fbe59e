import type { ExecutionRepeatV1 } from '@dspy-nest/contracts';
import { type RequestContext, uuidv7 } from '@dspy-nest/platform';
import { Args, Context, ID, Mutation, Resolver } from '@nestjs/graphql';
import { ExecutionType } from '../executions/execution.type';
import { OutcomesService } from '../lifecycle/outcomes.service';
import { type ExecutionNode, toExecutionNode } from '../executions/executions.resolver';
import { RepeatsService } from './repeats.service';

const again = (of: string): ExecutionRepeatV1 => ({ id: uuidv7(), of, wait: true });

/** Executions that do another again, in GraphQL. */
@Resolver(() => ExecutionType)
export class RepeatsResolver {
  constructor(
    private readonly repeats: RepeatsService,
    private readonly outcomes: OutcomesService,
  ) {}

  @Mutation(() => ExecutionType, {
    description:
      'Runs the same program version on the same inputs, with new model calls, and answers with how it ended.',
  })
  async rerunExecution(
    @Context('context') ctx: RequestContext,
    @Context('request') { signal }: Request,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<ExecutionNode> {
    const asked = again(id);
    return toExecutionNode(await this.outcomes.whileWanted(ctx, asked.id, signal, this.repeats.rerun(ctx, asked)));
  }

  @Mutation(() => ExecutionType, {
    description: 'Runs an execution on the model answers that were recorded of it, without a model.',
  })
  async replayExecution(
    @Context('context') ctx: RequestContext,
    @Context('request') { signal }: Request,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<ExecutionNode> {
    const asked = again(id);
    return toExecutionNode(await this.outcomes.whileWanted(ctx, asked.id, signal, this.repeats.replay(ctx, asked)));
  }
}

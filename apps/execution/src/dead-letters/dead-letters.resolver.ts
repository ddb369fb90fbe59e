import type { DeadLetterV1, ExecutionV1 } from '@dspy-nest/contracts';
import { type Connection, ConnectionArgs, pageRequestFrom, toConnection } from '@dspy-nest/graphql';
import { type RequestContext, uuidv7 } from '@dspy-nest/platform';
import { Args, ArgsType, Context, Field, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { ExecutionType } from '../executions/execution.type';
import { DeadLetterConnection, DeadLetterFilter, DeadLetterType } from './dead-letter.type';
import { DeadLettersService } from './dead-letters.service';

@ArgsType()
class DeadLettersArgs extends ConnectionArgs {
  @Field(() => DeadLetterFilter, { nullable: true }) filter?: DeadLetterFilter;
}

/** Dead letters in GraphQL. */
@Resolver(() => DeadLetterType)
export class DeadLettersResolver {
  constructor(private readonly deadLetters: DeadLettersService) {}

  @Query(() => DeadLetterType, { description: 'One dead letter.' })
  deadLetter(
    @Context('context') ctx: RequestContext,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<DeadLetterV1> {
    return this.deadLetters.get(ctx, id);
  }

  @Query(() => DeadLetterConnection, { name: 'deadLetters', description: 'Dead letters, newest first.' })
  async list(
    @Context('context') ctx: RequestContext,
    @Args() args: DeadLettersArgs,
  ): Promise<Connection<DeadLetterV1>> {
    return toConnection(await this.deadLetters.list(ctx, pageRequestFrom(args)));
  }

  @Mutation(() => ExecutionType, {
    description: 'Makes a new execution of what a dead letter asked for; replayed again it names the same one.',
  })
  async replayDeadLetter(
    @Context('context') ctx: RequestContext,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<ExecutionV1 & { programName: string; signatureName: string }> {
    const execution = await this.deadLetters.replay(ctx, { id, executionId: uuidv7() });
    return { ...execution, programName: execution.program, signatureName: execution.signature };
  }
}

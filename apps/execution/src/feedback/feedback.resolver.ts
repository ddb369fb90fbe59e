import { type ExecutionV1, FeedbackCreateV1, type FeedbackSource, type FeedbackV1 } from '@dspy-nest/contracts';
import {
  type Connection,
  ConnectionArgs,
  given,
  JsonScalar,
  PageLoader,
  pageRequestFrom,
  toConnection,
} from '@dspy-nest/graphql';
import { fromZodError, type RequestContext } from '@dspy-nest/platform';
import { Args, ArgsType, Context, Field, Float, ID, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { ExecutionType } from '../executions/execution.type';
import { FeedbackService } from './feedback.service';
import { FeedbackConnection, FeedbackFilter, FeedbackType, SOURCE_ENUM } from './feedback.type';

@ArgsType()
class FeedbackArgs extends ConnectionArgs {
  @Field(() => FeedbackFilter, { nullable: true }) filter?: FeedbackFilter;
}

@ArgsType()
class CreateFeedbackArgs {
  @Field(() => ID) executionId: string;
  @Field(() => String, { nullable: true, description: 'What the score is about; rating when absent.' }) name?: string;
  @Field(() => Float, { nullable: true, description: 'From 0, bad, to 1, good.' }) score?: number;
  @Field(() => String, { nullable: true }) comment?: string;
  @Field(() => JsonScalar, { nullable: true, description: 'The outputs that were wrong, as they should have been.' })
  correction?: Record<string, unknown>;
  @Field(() => SOURCE_ENUM, { nullable: true }) source?: FeedbackSource;
  @Field(() => String, { nullable: true }) author?: string;
}

/** Feedback in GraphQL: that on all executions of a page is read together. */
@Resolver(() => ExecutionType)
export class FeedbackResolver {
  private readonly pages: PageLoader<Pick<ExecutionV1, 'id'>, FeedbackV1>;

  constructor(private readonly feedback: FeedbackService) {
    this.pages = new PageLoader((ctx, executions, request) =>
      feedback.listOf(
        ctx,
        executions.map(({ id }) => id),
        request,
      ),
    );
  }

  @ResolveField(() => FeedbackConnection, { name: 'feedback', description: 'What was said of it, newest first.' })
  async of(
    @Context('context') ctx: RequestContext,
    @Parent() { id }: ExecutionV1,
    @Args() args: FeedbackArgs,
  ): Promise<Connection<FeedbackV1>> {
    return toConnection(await this.pages.load(ctx, { id }, pageRequestFrom(args)));
  }

  @Mutation(() => FeedbackType, {
    description:
      'Says something of an execution: a score, a comment, what it should have answered, or several of these.',
  })
  createFeedback(@Context('context') ctx: RequestContext, @Args() args: CreateFeedbackArgs): Promise<FeedbackV1> {
    const parsed = FeedbackCreateV1.safeParse(given(args));
    if (!parsed.success) throw fromZodError(parsed.error);
    return this.feedback.create(ctx, parsed.data);
  }
}

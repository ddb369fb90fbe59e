import { ExecutionCreateV1, type ExecutionV1 } from '@dspy-nest/contracts';
import {
  type Connection,
  ConnectionArgs,
  JsonScalar,
  RequestLoader,
  type SubgraphContext,
  given,
  pageRequestFrom,
  toConnection,
} from '@dspy-nest/graphql';
import { type RequestContext, fromZodError, uuidv7 } from '@dspy-nest/platform';
import {
  Args,
  ArgsType,
  Context,
  Field,
  ID,
  Int,
  Mutation,
  Parent,
  Query,
  ResolveField,
  ResolveReference,
  Resolver,
} from '@nestjs/graphql';
import {
  CallLimitsInput,
  ExecutionConnection,
  ExecutionFilter,
  ExecutionType,
  ProgramReference,
} from './execution.type';
import { OutcomesService } from '../lifecycle/outcomes.service';
import { ExecutionsService } from './executions.service';

@ArgsType()
export class ExecutionsArgs extends ConnectionArgs {
  @Field(() => ExecutionFilter, { nullable: true }) filter?: ExecutionFilter;
}

@ArgsType()
export class ExecuteProgramArgs {
  @Field(() => ID, { description: 'The id of a program, or its name.' }) programId: string;
  @Field(() => JsonScalar) inputs: Record<string, unknown>;
  @Field(() => Int, { nullable: true }) version?: number;
  @Field(() => String, { nullable: true }) model?: string;
  @Field(() => String, { nullable: true }) adapter?: string;
  @Field(() => String, { nullable: true }) format?: string;
  @Field(() => Int, { nullable: true }) timeoutMs?: number;
  @Field(() => CallLimitsInput, { nullable: true }) limits?: CallLimitsInput;
  @Field(() => Int, { nullable: true }) maxRetries?: number;
  @Field(() => String, { nullable: true, description: 'interactive or batch.' }) lane?: string;
  @Field(() => Boolean, { nullable: true, description: 'Whether an answer to equal inputs may be given again.' })
  cache?: boolean;
}

/** An execution as GraphQL has it. */
export type ExecutionNode = ExecutionV1 & { programName: string; signatureName: string };

/** The execution as GraphQL has it. */
export const toExecutionNode = (execution: ExecutionV1): ExecutionNode => ({
  ...execution,
  programName: execution.program,
  signatureName: execution.signature,
});

/** The request behind the mutation. Throws ValidationFailedError naming what breaks its contract. */
function toRequest({ programId, limits, ...args }: ExecuteProgramArgs): ExecutionCreateV1 {
  const clocks = limits === undefined || limits === null ? {} : { limits: given(limits) };
  const request = { ...given(args), ...clocks, id: uuidv7(), program: programId, wait: true };
  const parsed = ExecutionCreateV1.safeParse(request);
  if (!parsed.success) throw fromZodError(parsed.error);
  return parsed.data;
}

/** Executions in GraphQL. One that failed is an Execution with its status, not an error. */
@Resolver(() => ExecutionType)
export class ExecutionsResolver {
  private readonly byId: RequestLoader<{ id: string }, ExecutionV1>;

  constructor(
    private readonly executions: ExecutionsService,
    private readonly outcomes: OutcomesService,
  ) {
    const fetch = (ctx: RequestContext, refs: { id: string }[]): Promise<ExecutionV1[]> =>
      executions.getMany(
        ctx,
        refs.map(({ id }) => id),
      );
    this.byId = new RequestLoader(fetch, ({ id }) => id);
  }

  @Query(() => ExecutionType, { description: 'One execution.' })
  async execution(
    @Context('context') ctx: RequestContext,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<ExecutionNode> {
    return toExecutionNode(await this.executions.get(ctx, id));
  }

  @Query(() => ExecutionConnection, { name: 'executions', description: 'Executions, newest first.' })
  async list(
    @Context('context') ctx: RequestContext,
    @Args() args: ExecutionsArgs,
  ): Promise<Connection<ExecutionNode>> {
    const page = await this.executions.list(ctx, pageRequestFrom(args));
    return toConnection({ ...page, items: page.items.map(toExecutionNode) });
  }

  @Mutation(() => ExecutionType, { description: 'Runs a program and answers with how it ended.' })
  async executeProgram(
    @Context('context') ctx: RequestContext,
    @Context('request') { signal }: Request,
    @Args() args: ExecuteProgramArgs,
  ): Promise<ExecutionNode> {
    const request = toRequest(args);
    const outcome = this.executions.create(ctx, request);
    return toExecutionNode(await this.outcomes.whileWanted(ctx, request.id, signal, outcome));
  }

  @Mutation(() => ExecutionType, { description: 'Cancels an execution that has not ended.' })
  async cancelExecution(
    @Context('context') ctx: RequestContext,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<ExecutionNode> {
    return toExecutionNode(await this.executions.cancel(ctx, id));
  }

  @ResolveField(() => ProgramReference, { name: 'program', nullable: true })
  program(@Parent() { programId: id, programName: name }: ExecutionNode): ProgramReference {
    return { id, name };
  }

  @ResolveReference()
  async resolveReference({ id }: { id: string }, { context }: SubgraphContext): Promise<ExecutionNode | null> {
    const execution = await this.byId.load(context, { id });
    return execution && toExecutionNode(execution);
  }
}

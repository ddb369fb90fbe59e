import type { ExecutionV1 } from '@dspy-nest/contracts';
import { type Connection, PageLoader, pageRequestFrom, toConnection } from '@dspy-nest/graphql';
import { type RequestContext, isUuid } from '@dspy-nest/platform';
import { Args, Context, Parent, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import { ExecutionConnection, ProgramReference } from '../executions/execution.type';
import { type ExecutionNode, ExecutionsArgs, toExecutionNode } from '../executions/executions.resolver';
import { ExecutionsService } from '../executions/executions.service';

/** The executions of a program in GraphQL: those of all programs of a page are read together. */
@Resolver(() => ProgramReference)
export class ProgramExecutionsResolver {
  private readonly pages: PageLoader<ProgramReference, ExecutionV1>;

  constructor(executions: ExecutionsService) {
    this.pages = new PageLoader((ctx, programs, request) => executions.listOf(ctx, programs, request));
  }

  @ResolveField(() => ExecutionConnection, { name: 'executions', description: 'Its executions, newest first.' })
  async of(
    @Context('context') ctx: RequestContext,
    @Parent() program: ProgramReference,
    @Args() args: ExecutionsArgs,
  ): Promise<Connection<ExecutionNode>> {
    const page = await this.pages.load(ctx, program, pageRequestFrom(args));
    return toConnection({ ...page, items: page.items.map(toExecutionNode) });
  }

  @ResolveReference()
  resolveReference(program: ProgramReference): ProgramReference | null {
    return isUuid(program.id) ? program : null;
  }
}

import type { ProgramInterfaceV1 } from '@dspy-nest/contracts';
import type { SubgraphContext } from '@dspy-nest/graphql';
import type { ProgramCalls, RunArgs, TypedConnection, TypedExecution } from '@dspy-nest/programs';
import { Injectable } from '@nestjs/common';
import { ExecutionsResolver, type ExecuteProgramArgs, type ExecutionsArgs } from '../executions/executions.resolver';
import { toTypedExecution } from './typed-execution';

type Context = SubgraphContext & { request: Request };

/** Typed fields are other words for `executeProgram` and `executions`. */
@Injectable()
export class SubgraphCalls implements ProgramCalls {
  constructor(private readonly executions: ExecutionsResolver) {}

  async run(program: ProgramInterfaceV1, args: RunArgs, { context, request }: Context): Promise<TypedExecution> {
    const call: ExecuteProgramArgs = { ...args, programId: program.name };
    return toTypedExecution(await this.executions.executeProgram(context, request, call));
  }

  async list(
    program: ProgramInterfaceV1,
    args: ExecutionsArgs & Record<string, unknown>,
    { context }: Context,
  ): Promise<TypedConnection> {
    const filter = { ...args.filter, program: { eq: program.name } };
    const { edges, pageInfo } = await this.executions.list(context, { ...args, filter });
    return { edges: edges.map(({ node, cursor }) => toTypedExecution(node, cursor)), pageInfo };
  }
}

import { randomUUID } from 'node:crypto';
import type { ProgramInterfaceV1 } from '@dspy-nest/contracts';
import { parseSignature } from '@dspy-nest/signature';
import { buildSchema, graphql, type ExecutionResult } from 'graphql';
import { ProgramGraph } from '../src/program-graph';
import type { ProgramCalls, TypedExecution } from '../src/program-types';

/** A schema such as the execution service has without programs. */
export const BASE = buildSchema(`
  scalar JSON
  enum ExecutionStatus { SUCCEEDED FAILED }
  type Execution { id: ID! status: ExecutionStatus! result: ProgramOutput }
  type PageInfo { hasNextPage: Boolean! }
  type UntypedOutput { outputs: JSON! execution: Execution! }
  union ProgramOutput = UntypedOutput
  input ExecutionFilter { id: ID }
  type ExecutionConnection { edges: [Execution!]! }
  type Query { execution(id: ID!): Execution executions(first: Int, filter: ExecutionFilter): ExecutionConnection! }
  type Mutation {
    executeProgram(programId: ID!, inputs: JSON!, version: Int, timeoutMs: Int): Execution!
    ping: String
  }
`);

interface Options extends Partial<ProgramInterfaceV1> {
  instructions?: string;
}

/** A program on a definition. */
export function program(
  name: string,
  definition: string,
  { instructions, ...change }: Options = {},
): ProgramInterfaceV1 {
  const signature = parseSignature(definition, { name: 'Tested', ...(instructions !== undefined && { instructions }) });
  return { programId: randomUUID(), name, version: 1, description: null, module: 'Predict', signature, ...change };
}

/** An execution that gave these outputs. */
export function executionOf(
  outputs: Record<string, unknown> | null,
  change: Partial<TypedExecution> = {},
): TypedExecution {
  const id = 'e1';
  const status = outputs === null ? 'FAILED' : 'SUCCEEDED';
  return { id, status, version: 1, outputs, execution: () => ({ id, status }), ...change };
}

/** Calls that answer every run with one execution and every list with a page of it, and keep what they were asked. */
export function answering(execution: TypedExecution): ProgramCalls & { asked: Record<string, unknown>[] } {
  const asked: Record<string, unknown>[] = [];
  return {
    asked,
    run: (program, args) => {
      asked.push({ program: program.name, ...args });
      return Promise.resolve(execution);
    },
    list: (program, args) => {
      asked.push({ program: program.name, ...args });
      return Promise.resolve({ edges: [{ ...execution, cursor: 'c1' }], pageInfo: { hasNextPage: false } });
    },
  };
}

/** Asks the schema with one program on top, whose execution gives `outputs`. */
export async function ask(
  one: ProgramInterfaceV1,
  source: string,
  execution: TypedExecution = executionOf(null),
): Promise<ExecutionResult & { asked: Record<string, unknown>[] }> {
  const calls = answering(execution);
  const { schema } = new ProgramGraph(BASE, calls).with([one]);
  const result = await graphql({ schema, source });
  // GraphQL's own objects have no prototype.
  return { ...(JSON.parse(JSON.stringify(result)) as ExecutionResult), asked: calls.asked };
}

import type { ExecutionCreateV1 } from '@dspy-nest/contracts';
import { uuidv7 } from '@dspy-nest/platform';
import type { ExecuteProgram } from './execute-program.dto';

/**
 * The message behind a body, with an id of its own. The execution service trusts it: null, which the DTO lets pass for what
 * is optional, means absent there.
 */
export function toExecutionCreate(program: string, body: ExecuteProgram, wait: boolean): ExecutionCreateV1 {
  const { inputs, limits, ...options } = body;
  const clocks = limits === undefined || limits === null ? {} : { limits: withoutNulls(limits) };
  return { id: uuidv7(), program, inputs, ...withoutNulls(options), ...clocks, wait };
}

function withoutNulls<T extends object>(members: T): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null)) as T;
}

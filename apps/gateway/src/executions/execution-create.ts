import type { ExecutionCreateV1 } from '@dspy-nest/contracts';
import { uuidv7 } from '@dspy-nest/platform';
import { UnsupportedOptionError } from '../http/http.errors';
import type { ExecuteProgram } from './execute-program.dto';

/**
 * The message behind a body, with an id of its own. The execution service trusts it: null, which the DTO lets pass for what
 * is optional, means absent there. Throws UnsupportedOptionError.
 */
export function toExecutionCreate(program: string, body: ExecuteProgram, wait: boolean): ExecutionCreateV1 {
  const { inputs, cache, limits, ...options } = body;
  if (cache === true) {
    const message = 'cache: true is not served by this version. Leave it out or send false.';
    throw new UnsupportedOptionError('/cache', message);
  }
  const clocks = limits === undefined || limits === null ? {} : { limits: withoutNulls(limits) };
  return { id: uuidv7(), program, inputs, ...withoutNulls(options), ...clocks, wait };
}

function withoutNulls<T extends object>(members: T): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null)) as T;
}

import type { ExecutionCreateV1 } from '@dspy-nest/contracts';
import { uuidv7 } from '@dspy-nest/platform';
import type { ExecuteProgram } from './execute-program.dto';

/** The message behind a body, with an id of its own. */
export function toExecutionCreate(program: string, body: ExecuteProgram, wait: boolean): ExecutionCreateV1 {
  return { id: uuidv7(), program, ...body, wait };
}

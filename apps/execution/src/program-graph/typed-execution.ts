import type { ExecutionV1 } from '@dspy-nest/contracts';
import type { TypedExecution } from '@dspy-nest/programs';

/** An execution for the types of its program. */
export function toTypedExecution(execution: ExecutionV1, cursor?: string): TypedExecution {
  const { id, status, version, outputs } = execution;
  return { id, status, version, outputs, execution, ...(cursor !== undefined && { cursor }) };
}

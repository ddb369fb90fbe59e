import type { ExecutionStatus } from '@dspy-nest/contracts';

/** Every move an execution may make. What is not here does not happen: a terminal state is left for no other. */
const MOVES: Readonly<Record<ExecutionStatus, readonly ExecutionStatus[]>> = {
  queued: ['running', 'succeeded', 'failed', 'cancelled', 'timed_out'],
  running: ['succeeded', 'failed', 'cancelled', 'timed_out'],
  succeeded: [],
  failed: [],
  cancelled: [],
  timed_out: [],
};

/** Whether an execution may go from one state to another. */
export function canMove(from: ExecutionStatus, to: ExecutionStatus): boolean {
  return MOVES[from].includes(to);
}

/** The states that an execution may leave for this one, as the condition of an update. */
export function statesBefore(to: ExecutionStatus): ExecutionStatus[] {
  return (Object.keys(MOVES) as ExecutionStatus[]).filter((from) => canMove(from, to));
}

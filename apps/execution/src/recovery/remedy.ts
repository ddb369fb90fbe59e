import type { ExecutionEntity } from '../executions/execution.entity';

/** The replica that holds the caller ends an execution at its deadline; only past this is it taken for dead. */
const DEADLINE_GRACE_MS = 2_000;

/** What is done about an open execution that was not looked at for a while. */
export type Remedy = 'time-out' | 'dispatch-again' | 'look-later';

/** Decides what an open execution needs, given whether its job is still in the queue. */
export function remedyFor(row: Pick<ExecutionEntity, 'deadlineAt'>, isQueued: boolean, now: Date): Remedy {
  if (row.deadlineAt !== null && now.getTime() > row.deadlineAt.getTime() + DEADLINE_GRACE_MS) return 'time-out';
  return isQueued ? 'look-later' : 'dispatch-again';
}

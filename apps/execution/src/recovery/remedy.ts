import type { ExecutionEntity } from '../executions/execution.entity';

/** The replica that holds the caller ends an execution at its deadline; only past this is it taken for dead. */
const DEADLINE_GRACE_MS = 2_000;

/** A job that was lost so often will be lost again: something about it, or about the queue, has to be mended first. */
const DISPATCHES_MAX = 10;

/** What is done about an open execution that was not looked at for a while. */
export type Remedy = 'time-out' | 'dispatch-again' | 'give-up' | 'look-later';

/** Decides what an open execution needs, given whether its job is still in the queue. */
export function remedyFor(row: Pick<ExecutionEntity, 'deadlineAt' | 'epoch'>, isQueued: boolean, now: Date): Remedy {
  if (row.deadlineAt !== null && now.getTime() > row.deadlineAt.getTime() + DEADLINE_GRACE_MS) return 'time-out';
  if (isQueued) return 'look-later';
  return row.epoch < DISPATCHES_MAX ? 'dispatch-again' : 'give-up';
}

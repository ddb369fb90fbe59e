import type { LaneName } from '@dspy-nest/contracts';

/** A synchronous call is never refused for a wait shorter than this. */
const WAIT_ALWAYS_ALLOWED_MS = 1_000;
const RETRY_AFTER_MAX_S = 60;

/** What asks to be let in, and what there is before it. */
export interface Demand {
  /** Whether a caller waits for the outcome. */
  readonly wait: boolean;
  readonly timeoutMs: number;
  /** Executions that must end before this one can begin; 0 while the fleet has a free slot. */
  readonly waiting: number;
  /** Executions that the fleet ends in a second when it is busy. */
  readonly ratePerS: number;
  /** Executions that may wait without a caller. */
  readonly maxQueued: number;
}

export type Decision =
  | { readonly admitted: true }
  | { readonly admitted: false; readonly expectedWaitMs: number; readonly retryAfterS: number };

/** How many executions must end before a new one in this lane can begin. Interactive ones are begun before batch ones. */
export function waitingBefore(lane: LaneName, backlog: Readonly<Record<LaneName, number>>, slots: number): number {
  const ahead = lane === 'interactive' ? backlog.interactive : backlog.interactive + backlog.batch;
  return Math.max(0, ahead + 1 - slots);
}

/**
 * Decides whether an execution is let in: one with a caller unless it would wait for more than half of its time (and more than a
 * second), one without unless as many wait as may. Who is refused is told when it would have been let in.
 */
export function admit({ wait, timeoutMs, waiting, ratePerS, maxQueued }: Demand): Decision {
  const expectedWaitMs = waiting === 0 ? 0 : (waiting / ratePerS) * 1_000;
  const allowedMs = Math.max(WAIT_ALWAYS_ALLOWED_MS, timeoutMs / 2);
  const overMs = wait ? expectedWaitMs - allowedMs : ((waiting - maxQueued) / ratePerS) * 1_000;
  if (wait ? expectedWaitMs <= allowedMs : waiting <= maxQueued) return { admitted: true };
  return { admitted: false, expectedWaitMs, retryAfterS: Math.min(RETRY_AFTER_MAX_S, Math.ceil(overMs / 1_000)) };
}

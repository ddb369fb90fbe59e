import type { BatchPlan } from '../batches/batch.entity';

/** Executions of batches that are with the fleet at once, for each of its slots: enough that none waits for the next to come. */
const PER_SLOT = 2;
const WINDOW_MIN = 32;
const WINDOW_MAX = 2_000;

/** How many executions one batch may have with a fleet of so many slots, while so many batches are run: each the same share. */
export function shareOf(slots: number, batches: number): number {
  const window = Math.min(Math.max(slots * PER_SLOT, WINDOW_MIN), WINDOW_MAX);
  return Math.max(1, Math.floor(window / Math.max(1, batches)));
}

/** What holds a batch to fewer than its share. */
export type BatchLimits = Pick<BatchPlan, 'maxConcurrency' | 'parallelCalls'>;

/**
 * How many rows are handed over now: none until a quarter of what may be in flight is free, so that they go together. More than
 * the model answers at once would wait there while their time runs out.
 */
export function roomIn(share: number, inFlight: number, { maxConcurrency, parallelCalls }: BatchLimits): number {
  const limit = Math.min(share, maxConcurrency ?? share, parallelCalls ?? share);
  const room = limit - inFlight;
  return room >= Math.ceil(limit / 4) ? room : 0;
}

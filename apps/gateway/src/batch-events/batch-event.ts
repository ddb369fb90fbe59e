import { type BatchStatus, type BatchV1, isBatchOver } from '@dspy-nest/contracts';
import type { SseEvent } from '../streams/sse-body';

/** How a batch stands after something happened to it. */
export interface BatchEvent {
  readonly sequence: number;
  readonly batch: BatchV1;
}

const RANKS: Readonly<Record<BatchStatus, number>> = {
  receiving: 1,
  running: 2,
  cancelling: 3,
  completed: 4,
  cancelled: 4,
  failed: 4,
};

/**
 * The event that tells how a batch stands. Rows come, then they end, and states are left for later ones only: so the sum goes up
 * with all that happens, and is the same at every gateway.
 */
export function toBatchEvent(batch: BatchV1): BatchEvent {
  const { total, pending, inFlight } = batch.counts;
  const ended = isBatchOver(batch.status) ? total : total - pending - inFlight;
  return { sequence: total + ended + RANKS[batch.status], batch };
}

/** An event of a batch in the form of Server-Sent Events: its type says how the batch stands. */
export const toBatchSseEvent = ({ sequence, batch }: BatchEvent): SseEvent => ({
  id: sequence,
  event: batch.status,
  data: batch,
});

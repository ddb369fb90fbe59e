import { type BatchCounts, type BatchProgress, type BatchStatus, isBatchOver } from '@dspy-nest/contracts';

/** The counters of a batch, as they are stored. */
export interface BatchCounters {
  readonly status: BatchStatus;
  readonly received: number;
  readonly invalid: number;
  readonly dispatched: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly timedOut: number;
}

/** What tells how fast a batch goes. */
export interface BatchPace extends BatchCounters {
  readonly rowsPerS: number | null;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** Executions of a batch that have ended. */
const endedOf = ({ succeeded, failed, cancelled, timedOut }: BatchCounters): number =>
  succeeded + failed + cancelled + timedOut;

/** Executions of a batch that have not ended. */
export function inFlightOf(batch: BatchCounters): number {
  return Math.max(0, batch.dispatched - endedOf(batch));
}

/** How many rows stand how. What a batch that is over has not run was cancelled. */
export function countsOf(batch: BatchCounters): BatchCounts {
  const unrun = Math.max(0, batch.received - batch.invalid - batch.dispatched);
  const isOver = isBatchOver(batch.status);
  return {
    total: batch.received,
    pending: isOver ? 0 : unrun,
    inFlight: inFlightOf(batch),
    succeeded: batch.succeeded,
    failed: batch.failed + batch.invalid,
    cancelled: batch.cancelled + (isOver ? unrun : 0),
    timedOut: batch.timedOut,
  };
}

/** Rows of a batch that have ended, those among them that could not be run. */
export function rowsEndedOf(batch: BatchCounters): number {
  const { total, pending, inFlight } = countsOf(batch);
  return total - pending - inFlight;
}

/** How far a batch is, how fast it goes, and when it will end if it goes on like this. */
export function progressOf(batch: BatchPace, now: Date): BatchProgress {
  const { total, pending, inFlight } = countsOf(batch);
  const left = pending + inFlight;
  const fraction = batch.status === 'receiving' || total === 0 ? 0 : (total - left) / total;
  const rowsPerS = isBatchOver(batch.status) ? rateOf(batch) : batch.rowsPerS;
  const isGoingOn = batch.status === 'running' && rowsPerS !== null && rowsPerS > 0;
  const etaAt = isGoingOn ? new Date(now.getTime() + (left / rowsPerS) * 1_000).toISOString() : null;
  return { fraction, rowsPerS: rowsPerS === null ? null : Math.round(rowsPerS * 10) / 10, etaAt };
}

/** Rows a second over the whole time; null for what took no time. */
function rateOf(batch: BatchPace): number | null {
  if (batch.startedAt === null || batch.finishedAt === null) return null;
  const seconds = (batch.finishedAt.getTime() - batch.startedAt.getTime()) / 1_000;
  return seconds <= 0 ? null : endedOf(batch) / seconds;
}

import type { OptimizationStatus, OptimizationV1 } from '@dspy-nest/contracts';
import type { SseEvent } from '../streams/sse-body';

/** How an optimisation stands after something happened to it. */
export interface OptimizationEvent {
  readonly sequence: number;
  readonly optimization: OptimizationV1;
}

/** More than one attempt has trials, so that another that begins with none goes on upwards. */
const ATTEMPT = 1_000_000;

const RANKS: Readonly<Record<OptimizationStatus, number>> = {
  queued: 1,
  running: 2,
  stopping: 3,
  judging: 4,
  completed: 5,
  cancelled: 5,
  failed: 5,
};

/**
 * The event that tells how an optimisation stands. Attempts follow each other, in each trials end, and states are left for later ones
 * only: so the sum goes up with all that happens, and is the same at every gateway.
 */
export function toOptimizationEvent(optimization: OptimizationV1): OptimizationEvent {
  const { attempt, progress, status } = optimization;
  return { sequence: attempt * ATTEMPT + progress.trials + RANKS[status], optimization };
}

/** An event of an optimisation in the form of Server-Sent Events: its type says how the optimisation stands. */
export const toOptimizationSseEvent = ({ sequence, optimization }: OptimizationEvent): SseEvent => ({
  id: sequence,
  event: optimization.status,
  data: optimization,
});

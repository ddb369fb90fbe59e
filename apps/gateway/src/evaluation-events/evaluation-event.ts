import type { EvaluationStatus, EvaluationV1 } from '@dspy-nest/contracts';
import type { SseEvent } from '../streams/sse-body';

/** How an evaluation stands after something happened to it. */
export interface EvaluationEvent {
  readonly sequence: number;
  readonly evaluation: EvaluationV1;
}

const RANKS: Readonly<Record<EvaluationStatus, number>> = {
  queued: 1,
  running: 2,
  cancelling: 3,
  completed: 4,
  cancelled: 4,
  failed: 4,
};

/**
 * The event that tells how an evaluation stands. Examples are answered, then they count, and states are left for later ones only: so
 * the sum goes up with all that happens, and is the same at every gateway.
 */
export function toEvaluationEvent(evaluation: EvaluationV1): EvaluationEvent {
  const { answered, ended } = evaluation.counts;
  return { sequence: answered + ended + RANKS[evaluation.status], evaluation };
}

/** An event of an evaluation in the form of Server-Sent Events: its type says how the evaluation stands. */
export const toEvaluationSseEvent = ({ sequence, evaluation }: EvaluationEvent): SseEvent => ({
  id: sequence,
  event: evaluation.status,
  data: evaluation,
});

import type { EvaluationV1 } from '@dspy-nest/contracts';
import { AppError } from '@dspy-nest/platform';

/** Thrown when what two evaluations found says nothing about one against the other. */
export class NotComparableError extends AppError {
  readonly code = 'not_comparable';
}

/** Throws NotComparableError unless both are complete and scored by the same version of a metric. */
export function refuseIncomparable(candidate: EvaluationV1, baseline: EvaluationV1): void {
  for (const { id, status } of [candidate, baseline]) {
    if (status === 'completed') continue;
    throw new NotComparableError(`Evaluation "${id}" is ${status}; compare evaluations that are completed.`);
  }
  if (candidate.metricId === baseline.metricId && candidate.metricVersion === baseline.metricVersion) return;
  const [one, other] = [candidate, baseline].map(({ metric, metricVersion }) => `"${metric}" ${metricVersion}`);
  throw new NotComparableError(
    `The evaluations have scores of different metrics, ${one} and ${other}. Evaluate one of the programs again by the metric of the other.`,
  );
}

import { COMPOSITE, partsOf } from './composite';
import type { MetricDefinition } from './metric-kind';

/** A metric of kind `judge` that was checked. */
export interface JudgeDefinition extends MetricDefinition {
  readonly kind: 'judge';
  /** Its name or id. */
  readonly program: string;
  readonly version?: number;
  /** The output of the judge that is the score. */
  readonly score?: string;
  /** Where each input of the judge is from: `inputs.<field>`, `expected.<field>` or `answer.<field>` of an example. */
  readonly inputs?: Readonly<Record<string, string>>;
}

/** The judges of a metric that `checkMetric` found sound, in their order. */
export function judgesOf(metric: MetricDefinition): JudgeDefinition[] {
  if (metric.kind === COMPOSITE) return partsOf(metric).flatMap(({ metric: part }) => judgesOf(part));
  return isJudge(metric) ? [metric] : [];
}

/** The metric with each of its judges replaced, in their order. */
export function withJudges(metric: MetricDefinition, judges: readonly JudgeDefinition[]): MetricDefinition {
  const left = judges.values();
  const replaced = (one: MetricDefinition): MetricDefinition => {
    if (one.kind === COMPOSITE) {
      return { ...one, parts: partsOf(one).map(({ weight, metric: part }) => ({ weight, metric: replaced(part) })) };
    }
    return isJudge(one) ? (left.next().value ?? one) : one;
  };
  return replaced(metric);
}

function isJudge(metric: MetricDefinition): metric is JudgeDefinition {
  return metric.kind === 'judge';
}

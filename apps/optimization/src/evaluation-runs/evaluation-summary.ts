import type { EvaluationSummary } from '@dspy-nest/contracts';
import { labelOf, labelTable, NO_ANSWER, type MetricDefinition } from '@dspy-nest/metrics';
import { scoreInterval, type Confidence } from '@dspy-nest/statistics';

/** As much of the result of an example as the summary needs. */
export interface EndedExample {
  readonly score: number | null;
  readonly totalMs: number | null;
  readonly errorCode: string | null;
  readonly expected: unknown;
  readonly given: unknown;
}

/** What the results of an evaluation say together. */
export function summaryOf(
  examples: readonly EndedExample[],
  metric: MetricDefinition,
  confidence: Confidence,
): EvaluationSummary {
  const scores = examples.flatMap(({ score }) => (score === null ? [] : [score]));
  const isScored = scores.length > 0;
  return {
    score: isScored ? scores.reduce((sum, score) => sum + score, 0) / scores.length : null,
    interval: isScored ? scoreInterval(scores, confidence) : null,
    latency: latencyOf(examples.flatMap(({ totalMs }) => (totalMs === null ? [] : [totalMs]))),
    errors: errorClasses(examples),
    labels: metric.kind === 'label' ? labelsOf(examples.filter(({ score }) => score !== null)) : null,
  };
}

function latencyOf(times: readonly number[]): EvaluationSummary['latency'] {
  const sorted = times.toSorted((one, other) => one - other);
  const at = (share: number): number | undefined => sorted[Math.ceil(share * sorted.length) - 1];
  const [p50Ms, p95Ms] = [at(0.5), at(0.95)];
  return p50Ms === undefined || p95Ms === undefined ? null : { p50Ms, p95Ms };
}

function errorClasses(examples: readonly EndedExample[]): EvaluationSummary['errors'] {
  const failed = examples.flatMap(({ errorCode }) => (errorCode === null ? [] : [errorCode]));
  return [...Map.groupBy(failed, (code) => code)]
    .map(([code, all]) => ({ code, count: all.length }))
    .toSorted((one, other) => other.count - one.count || (one.code < other.code ? -1 : 1));
}

function labelsOf(examples: readonly EndedExample[]): EvaluationSummary['labels'] {
  const { labels, macroF1, confusion } = labelTable(
    examples.map(({ expected, given, errorCode }) => ({
      expected: labelOf(expected),
      given: errorCode === null ? labelOf(given) : NO_ANSWER,
      count: 1,
    })),
  );
  return { labels: [...labels], macroF1, confusion: [...confusion] };
}

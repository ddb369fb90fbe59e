import { COMPOSITE, partsOf } from './composite';
import { judgesOf, type JudgeDefinition } from './judges';
import { findKind } from './kinds';
import type { MetricDefinition, ScoredExample } from './metric-kind';

/**
 * The score of one example, from 0 to 1, by a metric that `checkMetric` found sound. What gave no answer scores 0, whatever the
 * metric; `null` says that the metric looks at something that is not known, such as the price of the model or what was expected.
 */
export function scoreExample(metric: MetricDefinition, example: ScoredExample): number | null {
  if (example.answer === null) return 0;
  if (metric.kind === COMPOSITE) return weightedMean(metric, example);
  const kind = findKind(metric.kind);
  if (kind === undefined) throw new TypeError(`A metric of kind "${metric.kind}" was not checked before it was used.`);
  if ('scoreRun' in kind) return kind.scoreRun(example, metric);
  const { field = '' } = metric;
  if (!Object.hasOwn(example.expected, field)) return null;
  return kind.score(example.expected[field], example.answer[field], metric);
}

function weightedMean(metric: MetricDefinition, example: ScoredExample): number | null {
  let sum = 0;
  let weights = 0;
  for (const { weight, metric: part } of partsOf(metric)) {
    const score = scoreExample(part, example);
    if (score === null) return null;
    sum += weight * score;
    weights += weight;
  }
  return sum / weights;
}

const EXPECTED = 'expected.';

/** The output fields of which a metric has to know what was expected, each once. */
export function comparedFields(metric: MetricDefinition): string[] {
  const fields =
    metric.kind === COMPOSITE
      ? partsOf(metric).flatMap(({ metric: part }) => comparedFields(part))
      : [metric.field, ...judgesOf(metric).flatMap(toldFields)];
  return [...new Set(fields.filter((field) => field !== undefined))];
}

function toldFields({ inputs = {} }: JudgeDefinition): string[] {
  return Object.values(inputs)
    .filter((source) => source.startsWith(EXPECTED))
    .map((source) => source.slice(EXPECTED.length));
}

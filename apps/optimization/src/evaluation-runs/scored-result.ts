import type { BatchResultV1 } from '@dspy-nest/contracts';
import { scoreExample, type MetricDefinition } from '@dspy-nest/metrics';

/** What became of one example, as it is stored. */
export interface ScoredResult {
  readonly index: number;
  readonly executionId: string | null;
  readonly status: BatchResultV1['status'];
  readonly answer: BatchResultV1['outputs'];
  readonly score: number | null;
  readonly costUsd: number | null;
  readonly totalMs: number | null;
  readonly errorCode: string | null;
}

/** Scores how the execution of an example ended; one that did not succeed gave no answer. */
export function scoredResult(
  metric: MetricDefinition,
  expected: Readonly<Record<string, unknown>>,
  result: BatchResultV1,
): ScoredResult {
  const { index, id, status, outputs, error, usage, totalMs } = result;
  const answer = status === 'succeeded' ? outputs : null;
  const score = scoreExample(metric, { expected, answer, costUsd: usage.costUsd, totalMs });
  const errorCode = answer === null ? (error?.code ?? status) : null;
  return { index, executionId: id, status, answer, score, costUsd: usage.costUsd, totalMs, errorCode };
}

/** The counters of an evaluation. */
export interface Tally {
  readonly ended: number;
  readonly failed: number;
  readonly unscored: number;
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  readonly costUsd: number | null;
  readonly unpriced: number;
}

/** The counters with a page of results added; what is not known of any stays null. */
export function addedUp(before: Tally, results: readonly BatchResultV1[], scored: readonly ScoredResult[]): Tally {
  const usages = results.map(({ usage }) => usage);
  const wereRun = usages.filter(({ promptTokens, costUsd }) => promptTokens !== null || costUsd !== null);
  return {
    ended: before.ended + scored.length,
    failed: before.failed + scored.filter(({ answer }) => answer === null).length,
    unscored: before.unscored + scored.filter(({ score }) => score === null).length,
    promptTokens: sum([before.promptTokens, ...usages.map(({ promptTokens }) => promptTokens)]),
    completionTokens: sum([before.completionTokens, ...usages.map(({ completionTokens }) => completionTokens)]),
    costUsd: sum([before.costUsd, ...usages.map(({ costUsd }) => costUsd)]),
    unpriced: before.unpriced + wereRun.filter(({ costUsd }) => costUsd === null).length,
  };
}

function sum(values: readonly (number | null)[]): number | null {
  return values.reduce((total, value) => (value === null ? total : (total ?? 0) + value), null);
}

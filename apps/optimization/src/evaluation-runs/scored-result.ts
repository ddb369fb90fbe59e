import type { BatchResultV1, BatchUsage, Judgement } from '@dspy-nest/contracts';
import { scoreExample, type MetricDefinition } from '@dspy-nest/metrics';
import type { Judged } from '../evaluation-judging/judgement';

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
  readonly judgements: readonly Judgement[] | null;
}

/** Scores how the execution of an example ended, and what was said of it if it was judged; one that did not succeed gave no answer. */
export function scoredResult(
  metric: MetricDefinition,
  expected: Readonly<Record<string, unknown>>,
  result: BatchResultV1,
  judged?: readonly Judged[],
): ScoredResult {
  const { index, id, status, outputs, error, usage, totalMs } = result;
  const answer = status === 'succeeded' ? outputs : null;
  const said = new Map(judged?.map(({ judge, said: { score: given } }) => [judge.definition, given]));
  const score = scoreExample(metric, { expected, answer, costUsd: usage.costUsd, totalMs, judged: said });
  const judgements = judged === undefined ? null : answer === null ? [] : judged.map(({ said: one }) => one);
  const errorCode = answer === null ? (error?.code ?? status) : null;
  return { index, executionId: id, status, answer, score, costUsd: usage.costUsd, totalMs, errorCode, judgements };
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
  return {
    ...addedUsage(
      before,
      results.map(({ usage }) => usage),
    ),
    ended: before.ended + scored.length,
    failed: before.failed + scored.filter(({ answer }) => answer === null).length,
    unscored: before.unscored + scored.filter(({ score }) => score === null).length,
  };
}

/** What judging took, with more of it added; null without judges. */
export function addedJudgings(before: BatchUsage | null, judged: readonly Judged[] = []): BatchUsage | null {
  return (
    before &&
    addedUsage(
      before,
      judged.map(({ usage }) => usage),
    )
  );
}

function addedUsage(before: BatchUsage, usages: readonly BatchResultV1['usage'][]): BatchUsage {
  const wereRun = usages.filter(({ promptTokens, costUsd }) => promptTokens !== null || costUsd !== null);
  return {
    promptTokens: sum([before.promptTokens, ...usages.map(({ promptTokens }) => promptTokens)]),
    completionTokens: sum([before.completionTokens, ...usages.map(({ completionTokens }) => completionTokens)]),
    costUsd: sum([before.costUsd, ...usages.map(({ costUsd }) => costUsd)]),
    unpriced: before.unpriced + wereRun.filter(({ costUsd }) => costUsd === null).length,
  };
}

function sum(values: readonly (number | null)[]): number | null {
  return values.reduce((total, value) => (value === null ? total : (total ?? 0) + value), null);
}

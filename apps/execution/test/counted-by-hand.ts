import type { ExecutionStatsRow } from '@dspy-nest/contracts';
import type { FinishedExecution } from '../src/lifecycle/execution-outcome';

/** What the numbers of executions must be, counted one by one; percentiles are exact. */
export function countedByHand(rows: FinishedExecution[], keyOf: (row: FinishedExecution) => Key): ExecutionStatsRow[] {
  const groups = Map.groupBy(rows, (row) => JSON.stringify(keyOf(row)));
  return [...groups].map(([key, group]) => ({ ...(JSON.parse(key) as Key), ...numbersOf(group) }));
}

type Key = Pick<ExecutionStatsRow, 'from' | 'program' | 'version' | 'model'>;

function numbersOf(rows: FinishedExecution[]): Omit<ExecutionStatsRow, keyof Key> {
  const count = (status: string): number => rows.filter((row) => row.status === status).length;
  const judged = rows.filter(({ status }) => status !== 'cancelled');
  return {
    executions: rows.length,
    succeeded: count('succeeded'),
    failed: count('failed'),
    cancelled: count('cancelled'),
    timedOut: count('timed_out'),
    errorRate: judged.length === 0 ? null : (count('failed') + count('timed_out')) / judged.length,
    latency: latencyOf(judged.map(({ totalMs }) => totalMs)),
    promptTokens: sumOf(rows.map(({ promptTokens }) => promptTokens)),
    completionTokens: sumOf(rows.map(({ completionTokens }) => completionTokens)),
    costUsd: sumOf(rows.map(({ costUsd }) => costUsd)),
    unpriced: rows.filter(({ costUsd }) => costUsd === null).length,
  };
}

function latencyOf(totals: number[]): ExecutionStatsRow['latency'] {
  if (totals.length === 0) return null;
  const sorted = totals.toSorted((a, b) => a - b);
  const at = (quantile: number): number => sorted[Math.floor(quantile * (sorted.length - 1))]!;
  return { meanMs: sumOf(totals)! / totals.length, p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) };
}

function sumOf(values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

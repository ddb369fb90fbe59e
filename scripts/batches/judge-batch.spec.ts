import type { BatchResultV1, BatchV1 } from '@dspy-nest/contracts';
import { expectedOf, nonceOfRow } from './batch-rows';
import { ResultJudge, type StoredBatch } from './judge-batch';

const SIZE = 400;

function resultOf(index: number): BatchResultV1 {
  const expected = expectedOf(index);
  const isGood = expected === 'succeeded';
  return {
    index,
    id: null,
    status: isGood ? 'succeeded' : 'failed',
    outputs: isGood ? { echo: nonceOfRow(index) } : null,
    error: isGood ? null : { code: expected, message: 'No.', retryable: false, details: {} },
    usage: { promptTokens: null, completionTokens: null, costUsd: null },
    totalMs: null,
  };
}
const results = (): BatchResultV1[] => Array.from({ length: SIZE }, (_, index) => resultOf(index));
const told: Pick<BatchV1, 'status' | 'counts'> = {
  status: 'completed',
  counts: { total: SIZE, pending: 0, inFlight: 0, succeeded: 396, failed: 4, cancelled: 0, timedOut: 0 },
};
// Of the four faulty rows one is refused by its model: it is run.
const stored: StoredBatch = { executions: 397, open: 0, doubled: 0 };

function rulesBroken(change: {
  results?: BatchResultV1[];
  told?: Partial<typeof told>;
  stored?: Partial<StoredBatch>;
}): string[] {
  const judge = new ResultJudge(SIZE);
  for (const result of change.results ?? results()) judge.take(result);
  return judge.close({ ...told, ...change.told }, { ...stored, ...change.stored }).map(({ rule }) => rule);
}

describe('the judge of a batch', () => {
  it('finds nothing wrong where each row has its result', () => {
    expect(rulesBroken({})).toEqual([]);
  });

  it.each([
    ['a row without a result', { results: results().filter(({ index }) => index !== 17) }, 'order'],
    ['the last rows without results', { results: results().slice(0, 390) }, 'lost'],
    ['a row with two results', { results: [...results().slice(0, 18), ...results().slice(17)] }, 'order'],
    ['a row that should have failed', { results: results().with(99, { ...resultOf(0), index: 99 }) }, 'unexpected-end'],
    ['the answer of another row', { results: results().with(5, { ...resultOf(6), index: 5 }) }, 'foreign-answer'],
    ['wrong counts', { told: { counts: { ...told.counts, succeeded: 395 } } }, 'counts'],
    ['a batch that goes on', { told: { status: 'running' as const } }, 'open'],
    ['an execution more than rows', { stored: { executions: 398, doubled: 1 } }, 'double-outcome'],
  ])('finds %s', (_title, change, rule) => {
    expect(rulesBroken(change)).toContain(rule);
  });
});

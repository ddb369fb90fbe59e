import type { BatchResultV1 } from '@dspy-nest/contracts';
import { addedUp, scoredResult, type Tally } from './scored-result';

const METRIC = { kind: 'exact', field: 'team' };
const result = (rest: Partial<BatchResultV1> = {}): BatchResultV1 => ({
  index: 0,
  id: '01930000-0000-7000-8000-000000000001',
  status: 'succeeded',
  outputs: { team: 'billing' },
  error: null,
  usage: { promptTokens: 10, completionTokens: 2, costUsd: 0.5 },
  totalMs: 12,
  ...rest,
});
const NOTHING: Tally = {
  ended: 0,
  failed: 0,
  unscored: 0,
  promptTokens: null,
  completionTokens: null,
  costUsd: null,
  unpriced: 0,
};

describe('the result of an example', () => {
  it('is scored by what was expected', () => {
    expect(scoredResult(METRIC, { team: 'billing' }, result())).toMatchObject({ score: 1, errorCode: null });
    expect(scoredResult(METRIC, { team: 'returns' }, result()).score).toBe(0);
  });

  it('is 0 for what gave no answer, with the reason', () => {
    const error = { code: 'output_invalid', message: 'No.', retryable: true, details: {} };
    const failed = result({ status: 'failed', outputs: null, error });
    expect(scoredResult(METRIC, { team: 'billing' }, failed)).toMatchObject({
      score: 0,
      answer: null,
      errorCode: 'output_invalid',
    });
    expect(scoredResult(METRIC, {}, result({ status: 'cancelled', outputs: null })).errorCode).toBe('cancelled');
  });
});

describe('the counters', () => {
  const add = (before: Tally, results: BatchResultV1[], metric: { kind: string } = METRIC): Tally =>
    addedUp(
      before,
      results,
      results.map((one) => scoredResult({ limitUsd: 1, ...metric }, { team: 'billing' }, one)),
    );

  it('add up page by page', () => {
    const once = add(NOTHING, [result(), result({ status: 'failed', outputs: null })]);
    expect(once).toEqual({ ...NOTHING, ended: 2, failed: 1, promptTokens: 20, completionTokens: 4, costUsd: 1 });
    expect(add(once, [result()])).toMatchObject({ ended: 3, promptTokens: 30, costUsd: 1.5 });
  });

  it('keep apart what was run at no known price and what was never run', () => {
    const free = result({ usage: { promptTokens: 1, completionTokens: 1, costUsd: null } });
    const unrun = result({ usage: { promptTokens: null, completionTokens: null, costUsd: null }, outputs: null });
    expect(add(NOTHING, [free, unrun], { kind: 'cost' })).toMatchObject({ unpriced: 1, unscored: 1, costUsd: null });
  });
});

import { summaryOf, type EndedExample } from './evaluation-summary';

const CONFIDENCE = { level: 0.95, seed: 7 };
const ended = (score: number | null, rest: Partial<EndedExample> = {}): EndedExample => ({
  score,
  totalMs: 10,
  errorCode: null,
  expected: 'billing',
  given: 'billing',
  ...rest,
});

describe('the summary of an evaluation', () => {
  it('has the mean with an interval by what the scores are', () => {
    const bits = summaryOf([ended(1), ended(0), ended(1), ended(1)], { kind: 'exact', field: 'team' }, CONFIDENCE);
    expect(bits).toMatchObject({ score: 0.75, interval: { method: 'wilson', level: 0.95 }, labels: null });
    const shares = [ended(0.2), ended(0.9), ended(0.5), ended(0.7)];
    expect(summaryOf(shares, { kind: 'token_f1' }, CONFIDENCE).interval?.method).toBe('bca');
    expect(summaryOf(shares, { kind: 'token_f1' }, CONFIDENCE)).toEqual(
      summaryOf(shares, { kind: 'token_f1' }, CONFIDENCE),
    );
  });

  it('leaves out what has no score or time, and says nothing of nothing', () => {
    const some = summaryOf([ended(null, { totalMs: null }), ended(1, { totalMs: 30 })], { kind: 'cost' }, CONFIDENCE);
    expect(some).toMatchObject({ score: 1, latency: { p50Ms: 30, p95Ms: 30 } });
    expect(summaryOf([ended(null, { totalMs: null })], { kind: 'cost' }, CONFIDENCE)).toEqual({
      score: null,
      interval: null,
      latency: null,
      errors: [],
      labels: null,
    });
  });

  it('takes the percentiles of the times', () => {
    const examples = Array.from({ length: 100 }, (_, index) => ended(1, { totalMs: 100 - index }));
    expect(summaryOf(examples, { kind: 'exact' }, CONFIDENCE).latency).toEqual({ p50Ms: 50, p95Ms: 95 });
  });

  it('counts errors by code, the most frequent first, and shows them among the labels', () => {
    const failed = (errorCode: string): EndedExample => ended(0, { errorCode, given: null });
    const examples = [failed('timed_out'), failed('output_invalid'), failed('output_invalid'), ended(1)];
    const { errors, labels } = summaryOf(examples, { kind: 'label', field: 'team' }, CONFIDENCE);
    expect(errors).toEqual([
      { code: 'output_invalid', count: 2 },
      { code: 'timed_out', count: 1 },
    ]);
    expect(labels?.confusion).toContainEqual({ expected: 'billing', given: '(no answer)', count: 3 });
  });
});

import { describeEvaluation, isGoodEnough, type Evaluation } from './evaluation';

const EVALUATION = {
  program: 'route-ticket',
  version: 3,
  metric: 'right-team',
  metricVersion: 1,
  dataset: 'tickets',
  datasetVersion: 4,
  split: null,
  counts: { total: 120, ended: 120, failed: 2, unscored: 1 },
  usage: { costUsd: 0.01234 },
  judgeUsage: { costUsd: 0.5 },
  summary: {
    score: 0.8,
    interval: { low: 0.7191, high: 0.8629, level: 0.95 },
    latency: { p50Ms: 811.6, p95Ms: 1_400 },
    errors: [{ code: 'output_invalid', count: 2 }],
  },
} as unknown as Evaluation;

describe('what is told of an evaluation', () => {
  it('is its score with the interval, and what stands beside it', () => {
    expect(describeEvaluation(EVALUATION)).toBe(
      'route-ticket 3 by right-team 1 on tickets 4: 0.800, 95 % interval 0.719 to 0.863\n' +
        '120 examples, 2 without an answer (2 output_invalid), 1 without a score, p50 812 ms, p95 1400 ms, 0.0123 USD, 0.500 USD for judging\n',
    );
  });

  it('is good enough from the least score on, and never without a score', () => {
    expect([undefined, 0.8, 0.81].map((least) => isGoodEnough(EVALUATION, least))).toEqual([true, true, false]);
    const unscored = { ...EVALUATION, summary: { ...EVALUATION.summary!, score: null } };
    expect(isGoodEnough(unscored, 0)).toBe(false);
  });
});

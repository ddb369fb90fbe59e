import { optimizationProgress } from './optimization-progress';

const pace = {
  status: 'running',
  trials: 2,
  planned: 8,
  startedAt: new Date('2026-01-01T00:00:00Z'),
  trialAt: new Date('2026-01-01T00:00:10Z'),
} as const;

describe('optimizationProgress', () => {
  it('takes the next trials to be as long as those before', () => {
    const expected = { trials: 2, planned: 8, fraction: 0.25, etaAt: '2026-01-01T00:00:40.000Z' };
    expect(optimizationProgress(pace)).toEqual(expected);
  });

  it.each([
    [{ status: 'completed' }, { fraction: 0.25, etaAt: null }],
    [{ planned: null }, { fraction: null, etaAt: null }],
    [
      { trials: 0, trialAt: null },
      { fraction: 0, etaAt: null },
    ],
    [{ trials: 9 }, { fraction: 1, etaAt: '2026-01-01T00:00:10.000Z' }],
  ] as const)('with %j', (change, expected) => {
    expect(optimizationProgress({ ...pace, ...change })).toMatchObject(expected);
  });
});

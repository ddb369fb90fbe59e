import { describeOptimization, progressText, whyNotEnded, type Optimization } from './optimization';
import { parseSetting } from './settings';

const FOUND: Optimization = {
  id: 'o1',
  program: 'route-ticket',
  version: 1,
  dataset: 'tickets',
  datasetVersion: 2,
  metric: 'right-team',
  metricVersion: 1,
  optimizer: { name: 'LabeledFewShot' },
  seed: 7,
  status: 'completed',
  error: null,
  progress: { trials: 2, planned: 2, fraction: 1, etaAt: null },
  parentScore: 0.3,
  best: { trial: 2, score: 0.5 },
  candidateVersion: 2,
  conclusion: 'The candidate is better.',
  calls: 74,
  usage: { costUsd: 0.5 },
  finishedAt: '2026-01-05T09:00:00.000Z',
};

describe('what is told of an optimisation', () => {
  it('is what was found and what is shown of it', () => {
    expect(describeOptimization(FOUND)).toBe(
      'route-ticket 1 by LabeledFewShot (seed 7) on tickets 2 by right-team 1\n' +
        'completed: 2 of 2 trials, best 0.500 (was 0.300), 74 calls, 0.500 USD\n' +
        'The candidate is better.\n' +
        'Version 2 has it, not published: POST /v1/optimizations/o1/publish\n',
    );
  });

  it('is how far it is', () => {
    const progress = { trials: 0, planned: null, fraction: null, etaAt: null };
    expect(progressText({ ...FOUND, status: 'running', progress, best: null })).toBe('running: 0 trials');
  });
});

describe('an end that is asked for too late', () => {
  it.each([
    ['judging', null, /being judged: it is kept in any case/],
    ['stopping', null, /being stopped already/],
    ['completed', FOUND.finishedAt, /has ended meanwhile/],
  ] as const)('is told why it is, when the optimisation is %s', (status, finishedAt, why) => {
    expect(whyNotEnded({ status, finishedAt })).toMatch(why);
  });

  it('has another reason where it goes on', () => {
    expect(whyNotEnded({ status: 'running', finishedAt: null })).toBeUndefined();
  });
});

describe('settings', () => {
  it('are JSON values, or texts', () => {
    const given = ['k=12', 'useMerge=false', 'candidateSelection=pareto'];
    const settings = given.reduce<object>((all, one) => parseSetting(one, all), {});
    expect(settings).toEqual({ k: 12, useMerge: false, candidateSelection: 'pareto' });
    expect(() => parseSetting('k', {})).toThrow(/k=12/);
  });
});

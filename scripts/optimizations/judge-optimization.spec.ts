import type { OptimizationTrial, OptimizationV1, ProgramV1 } from '@dspy-nest/contracts';
import { faultsOf, type Outcome } from './judge-optimization';
import { BETTER } from './parity-answer';

const EXPECTED = { test: 5, warning: 'ignored', usdPerAnswer: 2, missedKills: undefined };
const usageOf = (calls: number) => ({ promptTokens: calls * 10, completionTokens: calls * 5, costUsd: calls * 2 });
const optimization = {
  id: 'o',
  status: 'completed',
  error: null,
  parentScore: 0.5,
  best: { trial: 2, score: 1 },
  progress: { trials: 2 },
  candidateVersion: 2,
  conclusion: 'The candidate is better.',
  guard: { comparison: { verdict: 'improved' }, usage: usageOf(10) },
  versions: { dspy: '3' },
  attempt: 1,
  calls: 20,
  usage: usageOf(20),
} as unknown as OptimizationV1;
const sound: Outcome = {
  optimization,
  trials: [1, 2].map((number) => ({ number, isFull: true }) as OptimizationTrial),
  log: [{ number: 1, attempt: 1, at: '', text: 'These will be ignored.' }],
  diff: {
    text: '',
    predictors: [{ name: null, instructions: { before: 'A.', after: BETTER }, demosBefore: [], demosAfter: [] }],
  },
  versions: [2, 1].map((version) => ({ version }) as ProgramV1),
  origins: [optimization],
  proposals: ['B.', BETTER],
  stored: { trials: 2, evaluations: 2, ends: 1 },
  answers: 30,
  answersOnTest: 10,
};
const but = (rest: object): Outcome => ({ ...sound, optimization: { ...optimization, ...rest } });

describe('the judge of optimisations', () => {
  it('finds nothing in a sound one', () => {
    expect(faultsOf(sound, EXPECTED)).toEqual([]);
  });

  it.each<[string, Outcome, RegExp]>([
    ['one that failed', but({ status: 'failed' }), /It is failed/],
    ['one that found nothing', but({ best: { trial: 1, score: 0.5 } }), /from 0.5 to 0.5/],
    ['no proposal of its own', { ...sound, proposals: ['A.', 'A.'] }, /0 proposals differ/],
    ['an empty log', { ...sound, log: [] }, /Of 0 messages/],
    ['a trial twice', { ...sound, trials: [...sound.trials, ...sound.trials] }, /numbers 1, 2, 1, 2/],
    ['a trial that is not stored', { ...sound, stored: { ...sound.stored, trials: 1 } }, /1 are stored/],
    ['two winners', { ...sound, versions: [...sound.versions, { version: 3 } as ProgramV1] }, /versions 1, 2, 3/],
    ['a winner from nowhere', { ...sound, origins: [] }, /from 0 optimisations/],
    ['no verdict', but({ guard: null }), /The guard says/],
    ['an end told twice', { ...sound, stored: { ...sound.stored, ends: 2 } }, /told 2 times/],
    ['answers that were not counted', { ...sound, answers: 31 }, /counts 20 answers of the model, which gave 21/],
    ['a test example seen before', { ...sound, answersOnTest: 11 }, /11 answers were about/],
    ['spend that is not right', but({ usage: usageOf(19) }), /It used 190 and 95 tokens for 38 USD, with 20/],
  ])('finds %s', (_what, outcome, fault) => {
    expect(faultsOf(outcome, EXPECTED).join(' ')).toMatch(fault);
  });

  it('lets answers be lost where something was killed, but never counts more than were given', () => {
    const disturbed = { ...EXPECTED, missedKills: [] };
    const again = but({ attempt: 2 });
    expect(faultsOf({ ...again, answers: 35, answersOnTest: 12 }, disturbed)).toEqual([]);
    expect(faultsOf({ ...again, answers: 29 }, disturbed).join(' ')).toMatch(/counts 20 answers/);
    expect(faultsOf({ ...again, answers: 71 }, disturbed).join(' ')).toMatch(/counts 20 answers/);
  });

  it('wants all to be killed that was to be, and the run begun anew once', () => {
    const faults = faultsOf(sound, { ...EXPECTED, missedKills: ['NATS'] }).join(' ');
    expect(faults).toMatch(/no time to kill NATS.*begun 1 times, not 2/);
  });
});

import { progressOf, type EvaluationPace } from './evaluation-progress';

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 5, 9, 0, second));
const PACE: EvaluationPace = {
  status: 'running',
  total: 100,
  answered: 0,
  ended: 25,
  isJudged: false,
  startedAt: at(0),
  finishedAt: null,
};

describe('the progress of an evaluation', () => {
  it('tells how fast it goes and when it will end', () => {
    expect(progressOf(PACE, at(5))).toEqual({ fraction: 0.25, examplesPerS: 5, etaAt: at(20).toISOString() });
  });

  it('counts answers and judgements where there are judges', () => {
    const judged = { ...PACE, isJudged: true, answered: 50, ended: 0 };
    expect(progressOf(judged, at(5))).toEqual({ fraction: 0.25, examplesPerS: 5, etaAt: at(20).toISOString() });
    expect(progressOf({ ...judged, answered: 100, ended: 50 }, at(5)).fraction).toBe(0.75);
  });

  it('does not guess before anything has ended, nor after all has', () => {
    expect(progressOf({ ...PACE, ended: 0 }, at(5))).toEqual({ fraction: 0, examplesPerS: null, etaAt: null });
    const over = { ...PACE, status: 'cancelled', finishedAt: at(10) } as const;
    expect(progressOf(over, at(50))).toEqual({ fraction: 0.25, examplesPerS: 2.5, etaAt: null });
  });
});

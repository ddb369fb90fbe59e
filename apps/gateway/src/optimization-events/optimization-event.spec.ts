import { OPTIMIZER_LIMITS, type OptimizationStatus, type OptimizationV1 } from '@dspy-nest/contracts';
import { toOptimizationEvent } from './optimization-event';

type Step = [status: OptimizationStatus, attempt: number, trials: number];
const sequenceOf = ([status, attempt, trials]: Step): number =>
  toOptimizationEvent({ status, attempt, progress: { trials } } as OptimizationV1).sequence;
const MOST_TRIALS = OPTIMIZER_LIMITS.metricCalls;

describe('toOptimizationEvent', () => {
  it.each<[string, Step[]]>([
    [
      'is judged',
      [
        ['queued', 0, 0],
        ['running', 1, 0],
        ['running', 1, 1],
        ['judging', 1, 1],
        ['completed', 1, 1],
      ],
    ],
    [
      'is begun anew and stopped',
      [
        ['running', 1, 3],
        ['stopping', 1, 3],
        ['stopping', 2, 0],
        ['stopping', 2, 1],
        ['completed', 2, 1],
      ],
    ],
    [
      'has as many trials as there may be',
      [
        ['running', 1, MOST_TRIALS],
        ['cancelled', 1, MOST_TRIALS],
        ['running', 2, 0],
      ],
    ],
  ])('numbers what happens to an optimisation that %s upwards', (_, steps) => {
    const sequences = steps.map(sequenceOf);
    expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
  });
});

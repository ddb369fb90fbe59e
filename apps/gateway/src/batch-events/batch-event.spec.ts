import type { BatchCounts, BatchStatus } from '@dspy-nest/contracts';
import { BATCH_EXAMPLE } from '../docs/examples';
import { toBatchEvent } from './batch-event';

const counts = (total: number, pending: number, inFlight: number): BatchCounts => ({
  total,
  pending,
  inFlight,
  succeeded: total - pending - inFlight,
  failed: 0,
  cancelled: 0,
  timedOut: 0,
});
const sequenceOf = (status: BatchStatus, ...given: [number, number, number]): number =>
  toBatchEvent({ ...BATCH_EXAMPLE, status, counts: counts(...given) }).sequence;

describe('toBatchEvent', () => {
  it.each<[string, [BatchStatus, number, number, number][]]>([
    [
      'runs',
      [
        ['receiving', 0, 0, 0],
        ['receiving', 2, 2, 0],
        ['running', 2, 2, 0],
        ['running', 2, 0, 1],
        ['running', 2, 0, 0],
        ['completed', 2, 0, 0],
      ],
    ],
    [
      'is cancelled',
      [
        ['running', 9, 5, 3],
        ['cancelling', 9, 5, 3],
        ['cancelling', 9, 5, 0],
        ['cancelled', 9, 0, 0],
      ],
    ],
    [
      'breaks off',
      [
        ['receiving', 5, 5, 0],
        ['failed', 5, 0, 0],
      ],
    ],
  ])('numbers what happens to a batch that %s upwards', (_, steps) => {
    const sequences = steps.map((step) => sequenceOf(...step));
    expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
  });

  it('does not number that rows go to the fleet', () => {
    expect(sequenceOf('running', 9, 5, 3)).toBe(sequenceOf('running', 9, 3, 5));
  });
});

import type { ExecutionV1, WireError } from '@dspy-nest/contracts';
import { EXECUTION_EXAMPLE } from '../docs/examples';
import { historyOf } from './execution-history';

const error: WireError = {
  code: 'worker_crashed',
  message: 'It kept ending its worker.',
  retryable: false,
  details: {},
};

const at = (status: ExecutionV1['status'], attempt: number, change: Partial<ExecutionV1> = {}): ExecutionV1 => ({
  ...EXECUTION_EXAMPLE,
  status,
  attempt,
  outputs: null,
  ...change,
});
const typesOf = (execution: ExecutionV1): string[] =>
  historyOf(execution).map(({ sequence, type, attempt }) => [sequence, type, attempt].join(' ').trim());

describe('historyOf', () => {
  it.each([
    [at('queued', 0), ['1 queued']],
    [at('running', 1), ['1 queued', '2 started 1']],
    [at('running', 3), ['1 queued', '2 started 1', '3 restarted 2', '4 restarted 3']],
    [at('cancelled', 0), ['1 queued', '2 cancelled']],
    [at('timed_out', 1), ['1 queued', '2 started 1', '3 timed_out']],
    [at('succeeded', 1, { outputs: {} }), ['1 queued', '2 started 1', '3 outputs', '4 succeeded']],
  ])('numbers what has happened from one on', (execution, types) => expect(typesOf(execution)).toEqual(types));

  it('begins, at every later state, with what it was at an earlier one', () => {
    const ways = [
      [at('queued', 0), at('running', 1), at('running', 2), at('succeeded', 2, { outputs: { a: 1 } })],
      [at('queued', 0), at('failed', 1, { error })],
      [at('queued', 0), at('running', 1), at('timed_out', 1, { error })],
    ];
    for (const way of ways) {
      for (const [index, later] of way.entries()) {
        const earlier = historyOf(way[Math.max(0, index - 1)]!);
        expect(historyOf(later).slice(0, earlier.length)).toEqual(earlier);
      }
    }
  });

  it('tells the outputs, the error, and the execution without its inputs', () => {
    const [outputs, end] = historyOf(at('succeeded', 1, { outputs: { team: 'billing' } })).slice(2);
    expect(outputs).toEqual({ sequence: 3, type: 'outputs', outputs: { team: 'billing' } });
    expect(end).toMatchObject({ execution: { id: EXECUTION_EXAMPLE.id, inputs: {}, omitted: ['inputs'] } });
    expect(end).not.toHaveProperty('error');
    expect(historyOf(at('failed', 1, { error })).at(-1)).toMatchObject({ error, execution: { error } });
  });
});

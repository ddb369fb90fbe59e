import { EXECUTION_STATUSES, isTerminal } from '@dspy-nest/contracts';
import { canMove, statesBefore } from './execution-status';

describe('the states of an execution', () => {
  it.each(['succeeded', 'failed', 'cancelled', 'timed_out'] as const)('%s is left for no other state', (status) => {
    expect(isTerminal(status)).toBe(true);
    expect(EXECUTION_STATUSES.filter((to) => canMove(status, to))).toEqual([]);
  });

  it.each(['queued', 'running'] as const)('%s may end in every way', (status) => {
    expect(isTerminal(status)).toBe(false);
    for (const end of EXECUTION_STATUSES.filter(isTerminal)) expect(canMove(status, end)).toBe(true);
  });

  it('never goes back to the queue', () => {
    expect(EXECUTION_STATUSES.filter((from) => canMove(from, 'queued'))).toEqual([]);
  });

  it('ends only from a state that has not ended', () => {
    expect(statesBefore('succeeded')).toEqual(['queued', 'running']);
    expect(statesBefore('running')).toEqual(['queued']);
  });
});

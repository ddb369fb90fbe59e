import { Callers } from './callers';
import { acceptedRow } from '../../test/accepted-row';
import { finishedByPlatform } from './execution-outcome';

describe('Callers', () => {
  it('answers everybody who waits for an execution, once', async () => {
    const callers = new Callers();
    const row = acceptedRow();
    const first = callers.hold(row);
    const second = callers.join(row.tenant, row.id);
    const ended = finishedByPlatform(row, 'cancelled', 5);
    callers.end(ended);
    expect(await Promise.all([first, second])).toEqual([ended, ended]);
    expect(callers.join(row.tenant, row.id)).toBeUndefined();
  });

  it('shows a call to its own tenant only', () => {
    const callers = new Callers();
    const row = acceptedRow();
    void callers.hold(row);
    expect(callers.row(row.tenant, row.id)).toBe(row);
    expect(callers.row('other', row.id)).toBeUndefined();
    expect(callers.join('other', row.id)).toBeUndefined();
  });

  it('measures by the clock what it does not hold, and never below zero', () => {
    const callers = new Callers();
    expect(callers.elapsedMs({ ...acceptedRow(), createdAt: new Date(Date.now() + 60_000) })).toBe(0);
    expect(callers.elapsedMs({ ...acceptedRow(), createdAt: new Date(Date.now() - 2_000) })).toBeGreaterThanOrEqual(
      2_000,
    );
  });

  it('forgets a caller it is told to release', () => {
    const callers = new Callers();
    const row = acceptedRow();
    void callers.hold(row);
    callers.release(row.id);
    expect(callers.row(row.tenant, row.id)).toBeUndefined();
  });
});

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
    callers.end(row.id, ended);
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

  it('refuses everybody who waits for an execution that could not begin', async () => {
    const callers = new Callers();
    const row = acceptedRow();
    const waiting = [callers.hold(row), callers.join(row.tenant, row.id)];
    callers.fail(row.id, new Error('no'));
    for (const call of waiting) await expect(call).rejects.toThrow('no');
    expect(callers.row(row.tenant, row.id)).toBeUndefined();
  });

  describe('when a caller hangs up', () => {
    it('gives an execution up that nobody waits for any more', () => {
      const callers = new Callers();
      const row = acceptedRow();
      void callers.hold(row);
      void callers.join(row.tenant, row.id);
      expect(callers.hangUp(row.tenant, row.id)).toBeUndefined();
      expect(callers.hangUp(row.tenant, row.id)).toBe(row);
    });

    it('lets go on what is wanted without a caller, and what belongs to another tenant', () => {
      const callers = new Callers();
      const keyed = acceptedRow();
      const row = acceptedRow();
      void callers.hold(keyed, true);
      void callers.hold(row);
      expect(callers.hangUp(keyed.tenant, keyed.id)).toBeUndefined();
      expect(callers.hangUp('other', row.id)).toBeUndefined();
    });

    it('remembers who hung up before being held, the last thousand of them', () => {
      const callers = new Callers();
      const rows = Array.from({ length: 1_001 }, () => acceptedRow());
      for (const { tenant, id } of rows) callers.hangUp(tenant, id);
      expect(rows.filter((row) => callers.hasHungUp(row))).toEqual(rows.slice(1));
      expect(rows.some((row) => callers.hasHungUp(row))).toBe(false);
    });
  });
});

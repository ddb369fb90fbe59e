import fc from 'fast-check';
import { type Demand, admit, waitingBefore } from './admit';

const demand = (change: Partial<Demand> = {}): Demand => ({
  wait: true,
  timeoutMs: 60_000,
  waiting: 0,
  ratePerS: 10,
  maxQueued: 100,
  ...change,
});

const demands = fc.record<Demand>({
  wait: fc.boolean(),
  timeoutMs: fc.integer({ min: 1, max: 600_000 }),
  waiting: fc.nat(1_000_000),
  ratePerS: fc.double({ min: 0, max: 100_000, noNaN: true }),
  maxQueued: fc.integer({ min: 1, max: 1_000_000 }),
});

describe('admit', () => {
  it('refuses a caller who would wait for more than half of its time', () => {
    expect(admit(demand({ waiting: 300 }))).toEqual({ admitted: true });
    expect(admit(demand({ waiting: 321 }))).toEqual({ admitted: false, expectedWaitMs: 32_100, retryAfterS: 3 });
  });

  it('lets everybody wait for a second', () => {
    expect(admit(demand({ timeoutMs: 100, waiting: 10 }))).toEqual({ admitted: true });
    expect(admit(demand({ timeoutMs: 100, waiting: 11 }))).toMatchObject({ admitted: false, retryAfterS: 1 });
  });

  it('lets who does not wait queue up to the limit, however long that takes', () => {
    expect(admit(demand({ wait: false, waiting: 100, ratePerS: 0 }))).toEqual({ admitted: true });
    expect(admit(demand({ wait: false, waiting: 101 }))).toMatchObject({ admitted: false, retryAfterS: 1 });
  });

  it('refuses nobody while the fleet has a free slot', () => {
    fc.assert(
      fc.property(demands, (any) => {
        expect(admit({ ...any, waiting: 0 })).toEqual({ admitted: true });
      }),
    );
  });

  it('never admits a caller who is expected to wait longer than it may', () => {
    fc.assert(
      fc.property(demands, (any) => {
        const decision = admit({ ...any, wait: true });
        const expectedS = any.waiting === 0 ? 0 : any.waiting / any.ratePerS;
        expect(decision.admitted).toBe(expectedS * 1_000 <= Math.max(1_000, any.timeoutMs / 2));
      }),
    );
  });

  it('admits no later one where it refused an earlier one', () => {
    fc.assert(
      fc.property(demands, fc.nat(1_000), (any, more) => {
        if (admit(any).admitted) return;
        expect(admit({ ...any, waiting: any.waiting + more }).admitted).toBe(false);
      }),
    );
  });

  it('tells to come back in whole seconds, within a minute', () => {
    fc.assert(
      fc.property(demands, (any) => {
        const decision = admit(any);
        if (decision.admitted) return;
        expect(Number.isInteger(decision.retryAfterS)).toBe(true);
        expect(decision.retryAfterS).toBeGreaterThanOrEqual(1);
        expect(decision.retryAfterS).toBeLessThanOrEqual(60);
      }),
    );
  });
});

describe('waitingBefore', () => {
  it('counts what must end before the next one can begin', () => {
    const backlog = { interactive: 5, batch: 20 };
    expect(waitingBefore('interactive', backlog, 6)).toBe(0);
    expect(waitingBefore('interactive', backlog, 5)).toBe(1);
    expect(waitingBefore('batch', backlog, 5)).toBe(21);
    expect(waitingBefore('batch', backlog, 0)).toBe(26);
  });
});

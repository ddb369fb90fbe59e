import { type BatchPace, countsOf, progressOf } from './batch-progress';

const START = new Date('2026-01-05T09:30:00.000Z');
const after = (seconds: number): Date => new Date(START.getTime() + seconds * 1_000);

const batch = (change: Partial<BatchPace> = {}): BatchPace => ({
  status: 'running',
  received: 100,
  invalid: 2,
  dispatched: 60,
  succeeded: 40,
  failed: 3,
  cancelled: 0,
  timedOut: 1,
  rowsPerS: 10,
  startedAt: START,
  finishedAt: null,
  ...change,
});

describe('countsOf', () => {
  it('adds up to all rows that have come', () => {
    const counts = countsOf(batch());
    expect(counts).toEqual({
      total: 100,
      pending: 38,
      inFlight: 16,
      succeeded: 40,
      failed: 5,
      cancelled: 0,
      timedOut: 1,
    });
    const { total, ...parts } = counts;
    expect(Object.values(parts).reduce((sum, count) => sum + count, 0)).toBe(total);
  });

  it.each(['cancelled', 'failed'] as const)('counts as cancelled what a batch that is %s has not run', (status) => {
    const counts = countsOf(batch({ status, dispatched: 44 }));
    expect(counts).toMatchObject({ pending: 0, inFlight: 0, cancelled: 54 });
  });

  it('has none in flight where an outcome was counted before its row', () => {
    expect(countsOf(batch({ dispatched: 40 })).inFlight).toBe(0);
  });
});

describe('progressOf', () => {
  it('says how far it is, and when it ends if it goes on like this', () => {
    expect(progressOf(batch(), after(10))).toEqual({ fraction: 0.46, rowsPerS: 10, etaAt: after(15.4).toISOString() });
  });

  it('knows no end while it does not know how fast it goes, or it stands still', () => {
    for (const rowsPerS of [null, 0]) expect(progressOf(batch({ rowsPerS }), after(10)).etaAt).toBeNull();
  });

  it('says how fast it was once it is over', () => {
    const over = { status: 'completed', dispatched: 98, succeeded: 94, finishedAt: after(20) } as const;
    expect(progressOf(batch(over), after(99))).toEqual({ fraction: 1, rowsPerS: 4.9, etaAt: null });
  });

  it('has not begun while rows come', () => {
    const coming = {
      status: 'receiving',
      dispatched: 0,
      succeeded: 0,
      failed: 0,
      timedOut: 0,
      startedAt: null,
    } as const;
    expect(progressOf(batch({ ...coming, rowsPerS: null }), after(1))).toEqual({
      fraction: 0,
      rowsPerS: null,
      etaAt: null,
    });
  });
});

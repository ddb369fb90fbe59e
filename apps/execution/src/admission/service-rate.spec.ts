import type { WorkerHeartbeatV1 } from '@dspy-nest/contracts';
import fc from 'fast-check';
import { ServiceRate } from './service-rate';

const BEAT_MS = 500;

function heartbeat(change: Partial<WorkerHeartbeatV1>): WorkerHeartbeatV1 {
  return {
    id: 'w1',
    status: 'ready',
    pool: 'default',
    lanes: ['interactive'],
    host: 'here',
    pid: 1,
    startedAt: '2026-01-01T00:00:00.000Z',
    concurrency: 10,
    inFlight: 0,
    executed: 0,
    rssBytes: 1,
    versions: {},
    modules: [],
    formats: [],
    ...change,
  };
}

interface Work {
  readonly perSlotS: number;
  readonly forS: number;
  readonly inFlight?: number;
  readonly concurrency?: number;
}

/** Feeds the heartbeats of a worker that does this, one after another. */
function observe(rate: ServiceRate, works: Work[]): void {
  let nowMs = 0;
  let executed = 0;
  for (const { perSlotS, forS, concurrency = 10, inFlight = concurrency } of works) {
    for (let beat = 0; beat <= forS * 1_000; beat += BEAT_MS) {
      rate.observe(heartbeat({ concurrency, inFlight, executed: Math.floor(executed) }), nowMs);
      nowMs += BEAT_MS;
      executed += (perSlotS * Math.min(inFlight, concurrency) * BEAT_MS) / 1_000;
    }
  }
}

describe('ServiceRate', () => {
  it('takes an execution to last a second until something is known', () => {
    expect(new ServiceRate().perSlot()).toBe(1);
  });

  it('finds what a busy fleet does, at any speed', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 50, noNaN: true }),
        fc.integer({ min: 1, max: 128 }),
        (perSlotS, slots) => {
          const rate = new ServiceRate();
          observe(rate, [{ perSlotS, forS: 120, concurrency: slots }]);
          expect(rate.perSlot() / perSlotS).toBeGreaterThan(0.8);
          expect(rate.perSlot() / perSlotS).toBeLessThan(1.2);
        },
      ),
    );
  });

  it('does not take a fleet with little to do for a slow one', () => {
    const rate = new ServiceRate();
    observe(rate, [
      { perSlotS: 10, forS: 60, inFlight: 1 },
      { perSlotS: 10, forS: 3_600, inFlight: 0 },
    ]);
    expect(rate.perSlot()).toBeGreaterThan(8);
  });

  it('counts no more executions in hand than there are slots', () => {
    const rate = new ServiceRate();
    observe(rate, [{ perSlotS: 10, forS: 60, inFlight: 500 }]);
    expect(rate.perSlot()).toBeGreaterThan(9);
  });

  it('follows a fleet that becomes slower, and one that becomes faster', () => {
    const slower = new ServiceRate();
    observe(slower, [
      { perSlotS: 20, forS: 30 },
      { perSlotS: 0.2, forS: 10 },
    ]);
    expect(slower.perSlot()).toBeLessThan(2);
    const faster = new ServiceRate();
    observe(faster, [
      { perSlotS: 0.2, forS: 60 },
      { perSlotS: 20, forS: 3 },
    ]);
    expect(faster.perSlot()).toBeGreaterThan(10);
  });

  it('hopes less and less while nothing ends', () => {
    const rate = new ServiceRate();
    observe(rate, [{ perSlotS: 0, forS: 10 }]);
    expect(rate.perSlot()).toBeLessThan(0.2);
    expect(rate.perSlot()).toBeGreaterThan(0);
  });

  it('counts nothing of the time in which a worker was not heard, nor of one that began anew', () => {
    const rate = new ServiceRate();
    rate.observe(heartbeat({ inFlight: 10, executed: 100 }), 0);
    rate.observe(heartbeat({ inFlight: 10, executed: 900 }), 60_000);
    rate.observe(heartbeat({ inFlight: 0, executed: 0, status: 'stopped' }), 60_100);
    expect(rate.perSlot()).toBeCloseTo(1 / 1.5);
  });
});

import { cpuBetween, type CpuSample } from './process-watch';

const sample = (busyTicks: number, totalTicks: number, ticks: Record<string, number>): CpuSample => ({
  machine: { busyTicks, totalTicks },
  ticks: new Map(Object.entries(ticks)),
});

describe('cpuBetween', () => {
  it('gives each group its milliseconds and all the rest to the background', () => {
    const before = sample(1_000, 5_000, { worker: 100, model: 50, nats: 7 });
    const after = sample(1_160, 5_400, { worker: 180, model: 60, nats: 7 });
    expect(cpuBetween(before, after)).toEqual({ cpuMs: { worker: 800, model: 100 }, background: 70 / 400 });
  });

  it('takes no background below nothing: the two clocks are not read at one moment', () => {
    expect(cpuBetween(sample(0, 0, { a: 0 }), sample(9, 100, { a: 10 })).background).toBe(0);
  });

  it('leaves out a process that was not there at the beginning', () => {
    expect(cpuBetween(sample(0, 0, {}), sample(10, 100, { late: 900 })).cpuMs).toEqual({});
  });
});

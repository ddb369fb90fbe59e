/** How long what a model took is remembered: one that was slow is tried again after it. */
export const REMEMBERED_MS = 600_000;

/** The most times of a model that are remembered. */
const TIMES_MAX = 200;

/** Fewer say too little of a 95th percentile. */
export const TIMES_MIN = 20;

interface Taken {
  readonly ms: number;
  readonly atMs: number;
}

/** What one model took lately. */
export class RecentTimes {
  private taken: Taken[] = [];

  add(ms: number, nowMs: number): void {
    this.taken = [...this.recent(nowMs), { ms, atMs: nowMs }].slice(-TIMES_MAX);
  }

  /** The 95th percentile by the nearest rank; undefined while too few are remembered. */
  p95Ms(nowMs: number): number | undefined {
    const times = this.recent(nowMs).map(({ ms }) => ms);
    if (times.length < TIMES_MIN) return undefined;
    return times.sort((a, b) => a - b)[Math.ceil(times.length * 0.95) - 1];
  }

  private recent(nowMs: number): Taken[] {
    return this.taken.filter(({ atMs }) => atMs > nowMs - REMEMBERED_MS);
  }
}

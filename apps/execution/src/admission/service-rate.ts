import type { WorkerHeartbeatV1 } from '@dspy-nest/contracts';
import { WORKER_DEAD_AFTER_MS } from '@dspy-nest/contracts';

/** No execution is taken to last less, however idle the workers seem. */
const SHORTEST_S = 0.001;
/** Executions past which what was counted weighs half, so that the rate follows the fleet; more for a large fleet. */
const REMEMBERED = 50;

interface Seen {
  readonly atMs: number;
  readonly executed: number;
  /** Executions in hand, at most as many as there are slots. */
  readonly inHand: number;
  readonly slots: number;
}

/**
 * How many executions one slot of the fleet ends in a second while it is busy, from the workers' heartbeats. An idle worker says
 * nothing of how fast it could be, so only the time of busy slots counts.
 */
export class ServiceRate {
  private readonly seen = new Map<string, Seen>();
  // Until something is known, an execution is taken to last a second.
  private executed = 1;
  private busySlotS = 1;

  /** Takes a heartbeat that came at `nowMs`. */
  observe({ id, status, executed, inFlight, concurrency }: WorkerHeartbeatV1, nowMs: number): void {
    const before = this.seen.get(id);
    const now = { atMs: nowMs, executed, inHand: Math.min(inFlight, concurrency), slots: concurrency };
    if (status === 'stopped') this.seen.delete(id);
    else this.seen.set(id, now);
    this.forgetSilent(nowMs);
    if (before === undefined || nowMs - before.atMs > WORKER_DEAD_AFTER_MS) return;
    this.executed += Math.max(0, executed - before.executed);
    this.busySlotS += (((before.inHand + now.inHand) / 2) * (nowMs - before.atMs)) / 1_000;
    if (this.executed > Math.max(REMEMBERED, 2 * this.sum('slots'))) {
      this.executed /= 2;
      this.busySlotS /= 2;
    }
  }

  /** Executions a second and busy slot; greater than 0. */
  perSlot(): number {
    // Before the first ones end, the longest that can be said for the fleet is that all in hand end now.
    const executed = Math.max(this.executed, this.sum('inHand'));
    return executed / Math.max(this.busySlotS, executed * SHORTEST_S);
  }

  private sum(member: 'inHand' | 'slots'): number {
    let sum = 0;
    for (const worker of this.seen.values()) sum += worker[member];
    return sum;
  }

  private forgetSilent(nowMs: number): void {
    for (const [id, { atMs }] of this.seen) if (nowMs - atMs > WORKER_DEAD_AFTER_MS) this.seen.delete(id);
  }
}

import type { WorkerHeartbeatV1, WorkerV1 } from '@dspy-nest/contracts';
import { SIGNALS, WORKER_DEAD_AFTER_MS } from '@dspy-nest/contracts';
import { SignalBus } from '@dspy-nest/messaging';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { comparePlaces, placeOf } from './worker-page';

interface Seen {
  readonly heartbeat: WorkerHeartbeatV1;
  readonly atMs: number;
  readonly at: Date;
}

/** The fleet as its heartbeats tell it: a worker is dead 1.5 s after its last word. Kept in memory, by every replica for itself. */
@Injectable()
export class WorkersService implements OnModuleInit {
  private readonly seen = new Map<string, Seen>();
  private readonly expecting = new Set<{ pool: string; arrived: () => void }>();

  constructor(private readonly signals: SignalBus) {}

  onModuleInit(): void {
    this.signals.subscribe<WorkerHeartbeatV1>(SIGNALS.workerHeartbeat, (heartbeat) => this.beat(heartbeat));
  }

  /** The workers that live now, oldest first. */
  list(): WorkerV1[] {
    this.bury();
    return [...this.seen.values()]
      .map(({ heartbeat, at }) => ({ ...heartbeat, lastSeenAt: at.toISOString() }))
      .sort((a, b) => comparePlaces(placeOf(a), placeOf(b)));
  }

  /** Whether a worker of the pool takes work now. */
  isServed(pool: string): boolean {
    const oldest = performance.now() - WORKER_DEAD_AFTER_MS;
    for (const { heartbeat, atMs } of this.seen.values()) {
      if (heartbeat.pool === pool && heartbeat.status === 'ready' && atMs >= oldest) return true;
    }
    return false;
  }

  /** Executions that the workers of the pool can have in hand at once. */
  slots(pool: string): number {
    const oldest = performance.now() - WORKER_DEAD_AFTER_MS;
    let slots = 0;
    for (const { heartbeat, atMs } of this.seen.values()) {
      if (heartbeat.pool === pool && heartbeat.status === 'ready' && atMs >= oldest) slots += heartbeat.concurrency;
    }
    return slots;
  }

  /** Waits for a worker of the pool, at most `patienceMs`; resolves to whether there is one. */
  waitUntilServed(pool: string, patienceMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const answer = (served: boolean): void => {
        clearTimeout(timer);
        this.expecting.delete(wish);
        resolve(served);
      };
      const wish = { pool, arrived: () => answer(true) };
      const timer = setTimeout(() => answer(false), patienceMs);
      this.expecting.add(wish);
    });
  }

  private beat(heartbeat: WorkerHeartbeatV1): void {
    if (heartbeat.status === 'stopped') {
      this.seen.delete(heartbeat.id);
      return;
    }
    this.seen.set(heartbeat.id, { heartbeat, atMs: performance.now(), at: new Date() });
    if (heartbeat.status === 'ready') {
      for (const wish of this.expecting) if (wish.pool === heartbeat.pool) wish.arrived();
    }
  }

  private bury(): void {
    const oldest = performance.now() - WORKER_DEAD_AFTER_MS;
    for (const [id, { atMs }] of this.seen) if (atMs < oldest) this.seen.delete(id);
  }
}

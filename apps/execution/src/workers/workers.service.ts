import type { WorkerHeartbeatV1, WorkerV1 } from '@dspy-nest/contracts';
import { SIGNALS, WORKER_DEAD_AFTER_MS } from '@dspy-nest/contracts';
import { Nats, SignalBus } from '@dspy-nest/messaging';
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

  private listensSinceMs = 0;

  constructor(
    private readonly signals: SignalBus,
    private readonly nats: Nats,
  ) {}

  onModuleInit(): void {
    this.listensSinceMs = performance.now();
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

  /** The same, after a wait for its heartbeat where this replica has not listened for long enough to have heard it. */
  async willBeServed(pool: string): Promise<boolean> {
    if (this.isServed(pool)) return true;
    const unheardMs = WORKER_DEAD_AFTER_MS - this.listenedMs();
    return unheardMs > 0 && this.waitUntilServed(pool, unheardMs);
  }

  /** Whether no worker of the pool lives, not even one that takes no more work; false when that cannot be known. */
  isDeserted(pool: string): boolean {
    if (!this.nats.isConnected() || this.listenedMs() < WORKER_DEAD_AFTER_MS) return false;
    return !this.list().some((worker) => worker.pool === pool);
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

  /** For how long every heartbeat has been heard. */
  private listenedMs(): number {
    return Math.min(performance.now() - this.listensSinceMs, this.nats.backForMs());
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

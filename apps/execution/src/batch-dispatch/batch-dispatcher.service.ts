import { BATCH_UPLOAD_IDLE_MS, type WireError } from '@dspy-nest/contracts';
import { RecurringTask, type Logger } from '@dspy-nest/platform';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type BatchKey, BatchesRepository } from '../batches/batches.repository';
import { DEFAULT_POOL, REPLICA_ID } from '../dispatch/replica';
import { Journal } from '../journal/journal';
import { LOGGER } from '../logger';
import { WorkersService } from '../workers/workers.service';
import { BatchFeeder } from './batch-feeder.service';
import { BatchLeasesRepository, LEASE_MS } from './batch-leases.repository';
import { shareOf } from './batch-window';

const LOOK_EVERY_MS = 500;
/** Outcomes that come within this time ask for more rows together. */
const LINGER_MS = 25;
/** Progress is told no more often. */
const TELL_EVERY_MS = 1_000;
/** A replica stops before its lease ends, so that no other finds it at work. */
const HELD_MS = LEASE_MS - 1_000;

const MINUTES = BATCH_UPLOAD_IDLE_MS / 60_000;
const ABANDONED: WireError = {
  code: 'batch_incomplete',
  message: `No row came for ${MINUTES} minutes, and the upload was not ended. Send the rows again as a new batch.`,
  retryable: false,
  details: {},
};

interface Held {
  readonly key: BatchKey;
  untilMs: number;
  moving: Promise<void> | undefined;
  isWoken: boolean;
  /** The rows that had ended when progress was told last, and when that was. */
  told: number;
  toldAtMs: number;
}

/**
 * Moves batches on: each is with one replica at a time, which a lease in its row says; that of a dead replica goes to another.
 * The lease spares work, it is no lock: what two do for one batch is done once.
 */
@Injectable()
export class BatchDispatcher implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly held = new Map<string, Held>();
  private share = 1;
  private readonly looks = new RecurringTask(
    () => this.look(),
    LOOK_EVERY_MS,
    (err) => this.logger.error({ err }, 'Batches could not be looked after; the next look tries again.'),
  );

  constructor(
    private readonly leases: BatchLeasesRepository,
    private readonly batches: BatchesRepository,
    private readonly feeder: BatchFeeder,
    private readonly workers: WorkersService,
    private readonly journal: Journal,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.journal.onBatchRowsEnded((ids) => {
      for (const id of ids) this.wake(id);
    });
    this.looks.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.looks.stop();
    for (const { moving } of this.held.values()) await moving;
  }

  /** Fails the batches whose rows stopped coming, as of `now`. */
  async failAbandoned(now: Date): Promise<void> {
    const move = { to: 'failed', from: ['receiving'], verb: 'failed', error: ABANDONED, finishedAt: now } as const;
    const abandoned = await this.leases.abandoned(new Date(now.getTime() - BATCH_UPLOAD_IDLE_MS));
    for (const key of abandoned) await this.batches.move(key, move);
  }

  private async look(): Promise<void> {
    await this.failAbandoned(new Date());
    const claimed = await this.leases.claim(REPLICA_ID);
    const nowMs = performance.now();
    const untilMs = nowMs + HELD_MS;
    for (const key of claimed) {
      const known = this.held.get(key.id);
      if (known !== undefined) known.untilMs = untilMs;
      else this.held.set(key.id, { key, untilMs, moving: undefined, isWoken: false, told: 0, toldAtMs: nowMs });
    }
    if (this.held.size === 0) return;
    this.share = shareOf(this.workers.slots(DEFAULT_POOL), await this.leases.running());
    for (const [id, { untilMs: until }] of this.held) {
      if (until < performance.now()) this.held.delete(id);
      else this.wake(id);
    }
    for (const held of this.held.values()) await this.tell(held);
  }

  private async tell(held: Held): Promise<void> {
    const nowMs = performance.now();
    if (nowMs < held.toldAtMs + TELL_EVERY_MS) return;
    held.toldAtMs = nowMs;
    held.told = await this.batches.tellProgress(held.key, held.told);
  }

  private wake(id: string): void {
    const held = this.held.get(id);
    if (held === undefined || this.looks.isStopped) return;
    held.isWoken = true;
    held.moving ??= this.moveOn(id, held).finally(() => (held.moving = undefined));
  }

  private async moveOn(id: string, held: Held): Promise<void> {
    while (held.isWoken && !this.looks.isStopped) {
      await new Promise((resolve) => setTimeout(resolve, LINGER_MS));
      held.isWoken = false;
      try {
        if (!(await this.feeder.moveOn(held.key, this.share))) this.held.delete(id);
      } catch (err) {
        this.logger.warn({ err, batchId: id }, 'A batch could not be moved on; the next look tries again.');
        return;
      }
    }
  }
}

import type { LaneName } from '@dspy-nest/contracts';
import { JobQueue } from '@dspy-nest/messaging';
import type { Logger } from '@dspy-nest/platform';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { DEFAULT_POOL, LANES } from '../dispatch/replica';
import { LOGGER } from '../logger';

const REFRESH_EVERY_MS = 250;

/**
 * How many jobs each lane holds, waiting or with a worker: what the queue said last, and what this replica has added and taken
 * since. The queue is asked only while there is something in it.
 */
@Injectable()
export class QueueLoad implements OnModuleDestroy {
  private readonly told: Record<LaneName, number> = { interactive: 0, batch: 0 };
  private readonly since: Record<LaneName, number> = { interactive: 0, batch: 0 };
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly jobs: JobQueue,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleDestroy(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** Counts an execution that this replica is about to dispatch. */
  joined(lane: LaneName): void {
    this.since[lane] += 1;
    if (this.timer === undefined) this.schedule();
  }

  /** Counts one that ended, or was not dispatched after all. */
  left(lane: LaneName): void {
    this.since[lane] -= 1;
  }

  backlog(): Record<LaneName, number> {
    return { interactive: this.of('interactive'), batch: this.of('batch') };
  }

  private of(lane: LaneName): number {
    return Math.max(0, this.told[lane] + this.since[lane]);
  }

  private schedule(): void {
    if (!this.stopped) this.timer = setTimeout(() => void this.refresh(), REFRESH_EVERY_MS);
  }

  private async refresh(): Promise<void> {
    for (const lane of LANES) {
      const known = this.since[lane];
      try {
        this.told[lane] = await this.jobs.depth(DEFAULT_POOL, lane);
      } catch (err) {
        this.told[lane] = 0;
        this.logger.debug({ err, lane }, 'The depth of the queue is not known; only what this replica adds counts.');
      }
      this.since[lane] -= known;
    }
    this.timer = undefined;
    if (LANES.some((lane) => this.of(lane) > 0)) this.schedule();
  }
}

import { RecurringTask, type Logger } from '@dspy-nest/platform';
import type { DataSource } from 'typeorm';
import type { IdempotencyKeys } from './idempotency-keys';

const EVERY_MS = 60_000;
const BATCH_ROWS = 1_000;

/** Deletes the idempotency keys that have expired, once a minute and in batches; any number of replicas may do so at once. */
export class IdempotencyKeyPurge {
  private readonly task: RecurringTask;

  constructor(
    private readonly dataSource: DataSource,
    private readonly keys: IdempotencyKeys,
    logger: Logger,
  ) {
    const onFailure = (err: unknown): void =>
      logger.error({ err }, 'Idempotency keys could not be purged; the next purge tries again.');
    this.task = new RecurringTask(() => this.purge(new Date()), EVERY_MS, onFailure);
  }

  /** Begins to purge. */
  start(): void {
    this.task.start();
  }

  /** Ends once a purge under way is over. */
  async stop(): Promise<void> {
    await this.task.stop();
  }

  /** Deletes all keys that have expired by `now`; resolves to how many. */
  async purge(now: Date): Promise<number> {
    let deleted = 0;
    for (;;) {
      const batch = await this.keys.purge(this.dataSource.manager, now, BATCH_ROWS);
      deleted += batch;
      if (batch < BATCH_ROWS) return deleted;
    }
  }
}

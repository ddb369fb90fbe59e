import { RecurringTask, type Logger } from '@dspy-nest/platform';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG, type ExecutionConfig } from '../execution.config';
import { LOGGER } from '../logger';

const EVERY_MS = 600_000;
const BATCH_ROWS = 1_000;
const DAY_MS = 86_400_000;
const DEAD_LETTER_DAYS = 90;

/** What one purge deleted, in rows. */
export interface Purged {
  readonly modelCalls: number;
  /** Executions whose coercions were deleted. */
  readonly coercions: number;
  readonly deadLetters: number;
}

/** Deletes the oldest rows of a table. Replicas that purge at once take different ones. */
const deletion = (table: string, id: string): string => `
  DELETE FROM ${table} WHERE (tenant, ${id}) IN (
    SELECT tenant, ${id} FROM ${table} WHERE created_at < $1 ORDER BY created_at LIMIT ${BATCH_ROWS} FOR UPDATE SKIP LOCKED)`;
const MODEL_CALLS = deletion('execution.model_calls', 'execution_id');
const DEAD_LETTERS = deletion('execution.dead_letters', 'id');

/** Takes out of the oldest executions what was mended in them, which are pieces of what was asked and answered. */
const COERCIONS = `
  UPDATE execution.executions SET coercions = '[]' WHERE (tenant, id) IN (
    SELECT tenant, id FROM execution.executions WHERE json_array_length(coercions) > 0 AND created_at < $1
    ORDER BY created_at LIMIT ${BATCH_ROWS} FOR UPDATE SKIP LOCKED)`;

/** Deletes records whose time is over, every ten minutes and in batches; any number of replicas may do so at once. */
@Injectable()
export class RetentionService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly task: RecurringTask;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: ExecutionConfig,
    @Inject(LOGGER) logger: Logger,
  ) {
    const onFailure = (err: unknown): void =>
      logger.error({ err }, 'Old records could not be deleted; the next purge tries again.');
    this.task = new RecurringTask(() => this.purge(new Date()), EVERY_MS, onFailure);
  }

  onApplicationBootstrap(): void {
    this.task.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.task.stop();
  }

  /** Deletes what is too old as of `now`. */
  async purge(now: Date): Promise<Purged> {
    const before = (days: number): Date => new Date(now.getTime() - days * DAY_MS);
    const recorded = before(this.config.DSPY_NEST_RECORD_RETENTION_DAYS);
    return {
      modelCalls: await this.delete(MODEL_CALLS, recorded),
      coercions: await this.delete(COERCIONS, recorded),
      deadLetters: await this.delete(DEAD_LETTERS, before(DEAD_LETTER_DAYS)),
    };
  }

  private async delete(statement: string, before: Date): Promise<number> {
    let deleted = 0;
    for (;;) {
      const [, batch] = await this.dataSource.query<[unknown[], number]>(statement, [before]);
      deleted += batch;
      if (batch < BATCH_ROWS) return deleted;
    }
  }
}

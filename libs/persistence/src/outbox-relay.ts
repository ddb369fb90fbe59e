import { setTimeout as pause } from 'node:timers/promises';
import type { CloudEvent } from '@dspy-nest/contracts';
import type { Logger } from '@dspy-nest/platform';
import type { DataSource, EntityManager } from 'typeorm';
import { outboxTable } from './outbox';

const BATCH_ROWS = 100;
const POLL_MS = 2_000;
/** Rows that are committed within this time share one transaction of the relay, off the way of the requests that wrote them. */
const LINGER_MS = 20;

interface OutboxRow {
  id: string;
  subject: string;
  event: CloudEvent;
}

/**
 * Publishes the rows of an outbox in order of their ids and deletes them. A crash in between publishes a row again: the
 * publisher must suppress what comes twice by the event's id. Replicas share the work.
 */
export class OutboxRelay {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private woken = false;
  private readonly table: string;

  constructor(
    private readonly dataSource: DataSource,
    schema: string,
    private readonly publish: (subject: string, event: CloudEvent) => Promise<void>,
    private readonly logger: Logger,
  ) {
    this.table = outboxTable(schema);
  }

  /** Begins to look for rows that a crash or an outage left behind. */
  start(): void {
    this.timer ??= setInterval(() => this.wake(), POLL_MS);
    this.wake();
  }

  /** Says that rows were committed. */
  wake(): void {
    if (this.timer === undefined) return;
    this.woken = true;
    this.running ??= this.run().finally(() => {
      this.running = undefined;
    });
  }

  /** Ends after the batch in hand. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    this.woken = false;
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      while (this.woken) {
        await pause(LINGER_MS);
        this.woken = false;
        const rows = await this.dataSource.transaction((manager) => this.relayBatch(manager));
        if (rows === BATCH_ROWS && this.timer !== undefined) this.woken = true;
      }
    } catch (err) {
      this.logger.error({ err }, 'Events could not be published from the outbox; they are kept and tried again.');
    }
  }

  /** Returns how many rows it published. A failure keeps the rows behind it waiting, so that the order holds. */
  private async relayBatch(manager: EntityManager): Promise<number> {
    const rows: OutboxRow[] = await manager.query(
      `SELECT id, subject, event FROM ${this.table} ORDER BY id LIMIT ${BATCH_ROWS} FOR UPDATE SKIP LOCKED`,
    );
    const published: string[] = [];
    try {
      for (const row of rows) {
        await this.publish(row.subject, row.event);
        published.push(row.id);
      }
    } catch (err) {
      this.logger.warn({ err, waiting: rows.length - published.length }, 'An event could not be published yet.');
    }
    if (published.length > 0) await manager.query(`DELETE FROM ${this.table} WHERE id = ANY($1)`, [published]);
    return published.length;
  }
}

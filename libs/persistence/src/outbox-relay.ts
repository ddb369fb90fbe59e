import { setTimeout as pause } from 'node:timers/promises';
import type { CloudEvent } from '@dspy-nest/contracts';
import type { Logger } from '@dspy-nest/platform';
import type { DataSource, EntityManager } from 'typeorm';
import { outboxTable } from './outbox';
import { preparedQuery, type PreparedStatement } from './prepared-query';

const BATCH_ROWS = 100;
const POLL_MS = 2_000;
/** Rows that are committed within this time are published together, off the way of the requests that wrote them. */
const LINGER_MS = 50;

/** One row of an outbox: an event and the NATS subject it goes to. */
export interface OutboxRow {
  readonly id: string;
  readonly subject: string;
  readonly event: CloudEvent;
}

/**
 * Publishes the rows of an outbox and deletes them; what is told of one subject in the order of its ids. A crash in between
 * publishes a row again: the publisher must suppress what comes twice by the event's id. Replicas share the work.
 */
export class OutboxRelay {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private handed: OutboxRow[] = [];
  /** How old the rows must be that are looked for; undefined when none are. */
  private soughtAgeMs: number | undefined;
  private readonly table: string;
  private readonly deletion: PreparedStatement;

  constructor(
    private readonly dataSource: DataSource,
    schema: string,
    private readonly publish: (subject: string, event: CloudEvent) => Promise<void>,
    private readonly logger: Logger,
  ) {
    this.table = outboxTable(schema);
    this.deletion = { name: 'delete_published', text: `DELETE FROM ${this.table} WHERE id = ANY($1)` };
  }

  /** Begins to look for rows that a crash or an outage left behind. */
  start(): void {
    // What is younger is on its way from the memory of the process that wrote it.
    this.timer ??= setInterval(() => this.seek(POLL_MS), POLL_MS);
    this.wake();
  }

  /** Says that rows were committed. */
  wake(): void {
    this.seek(0);
  }

  /** Takes rows that were just committed, to publish them without reading them; those it cannot publish are found later. */
  hand(rows: readonly OutboxRow[]): void {
    if (this.timer === undefined) return;
    this.handed.push(...rows);
    this.begin();
  }

  /** Ends after the rows in hand. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    this.soughtAgeMs = undefined;
    await this.running;
  }

  private seek(ageMs: number): void {
    if (this.timer === undefined) return;
    this.soughtAgeMs = Math.min(ageMs, this.soughtAgeMs ?? ageMs);
    this.begin();
  }

  private begin(): void {
    this.running ??= this.run().finally(() => {
      this.running = undefined;
    });
  }

  private async run(): Promise<void> {
    try {
      while (this.handed.length > 0 || this.soughtAgeMs !== undefined) {
        await pause(LINGER_MS);
        await this.relayHanded(this.handed.splice(0));
        await this.relaySought();
      }
    } catch (err) {
      this.logger.error({ err }, 'Events could not be published from the outbox; they are kept and tried again.');
    }
  }

  private async relayHanded(rows: OutboxRow[]): Promise<void> {
    const published = await this.publishAll(rows);
    if (published.length > 0) await preparedQuery(this.dataSource, this.deletion, [published]);
  }

  private async relaySought(): Promise<void> {
    const ageMs = this.soughtAgeMs;
    if (ageMs === undefined) return;
    this.soughtAgeMs = undefined;
    const rows = await this.dataSource.transaction((manager) => this.relayBatch(manager, ageMs));
    if (rows === BATCH_ROWS) this.seek(ageMs);
  }

  /** Returns how many rows it published. */
  private async relayBatch(manager: EntityManager, ageMs: number): Promise<number> {
    const rows: OutboxRow[] = await manager.query(
      `SELECT id, subject, event FROM ${this.table} WHERE created_at <= now() - $1 * interval '1 ms'
       ORDER BY id LIMIT ${BATCH_ROWS} FOR UPDATE SKIP LOCKED`,
      [ageMs],
    );
    const published = await this.publishAll(rows);
    if (published.length > 0) await manager.query(this.deletion.text, [published]);
    return published.length;
  }

  /** Returns the ids of the rows that it published. */
  private async publishAll(rows: OutboxRow[]): Promise<string[]> {
    // One after the other each would be a round trip of its own, and there is one event for every execution.
    const bySubject = Map.groupBy(rows, ({ event }) => event.subject);
    const relayed = await Promise.all([...bySubject.values()].map((own) => this.publishInOrder(own)));
    const published = relayed.flatMap(({ ids }) => ids);
    const waiting = rows.length - published.length;
    if (waiting > 0) {
      const { err } = relayed.find(({ err: failure }) => failure !== undefined) ?? {};
      this.logger.warn({ err, waiting }, 'Events could not be published yet.');
    }
    return published;
  }

  /** Returns the ids of the rows that it published. A failure keeps the rows behind it waiting, so that the order holds. */
  private async publishInOrder(rows: OutboxRow[]): Promise<{ ids: string[]; err?: unknown }> {
    const ids: string[] = [];
    try {
      for (const { id, subject, event } of rows) {
        await this.publish(subject, event);
        ids.push(id);
      }
      return { ids };
    } catch (err) {
      return { ids, err };
    }
  }
}

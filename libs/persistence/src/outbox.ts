import type { CloudEvent } from '@dspy-nest/contracts';
import type { EntityManager, QueryRunner } from 'typeorm';
import { quoteIdentifier } from './identifier';

/** What a row of the outbox is given, in this order, by a writer that makes its own statement. */
export const OUTBOX_COLUMNS = ['tenant', 'subject', 'event'] as const;

/** The outbox of a schema, quoted for SQL. */
export function outboxTable(schema: string): string {
  return `${quoteIdentifier(schema)}.outbox`;
}

/** Creates the outbox of a schema; for a migration. */
export async function createOutboxTable(queryRunner: QueryRunner, schema: string): Promise<void> {
  await queryRunner.query(`
    CREATE TABLE ${outboxTable(schema)} (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      tenant text NOT NULL,
      subject text NOT NULL,
      event json NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now()
    )`);
}

/** Puts an event beside the change it tells of, in the same transaction; wake the relay after the commit. */
export async function enqueueEvent(
  manager: EntityManager,
  schema: string,
  subject: string,
  event: CloudEvent,
): Promise<void> {
  const insert = `INSERT INTO ${outboxTable(schema)} (${OUTBOX_COLUMNS.join(', ')}) VALUES ($1, $2, $3)`;
  await manager.query(insert, [event.tenant, subject, JSON.stringify(event)]);
}

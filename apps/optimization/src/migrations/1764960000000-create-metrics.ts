import { createIdempotencyKeysTable, createOutboxTable } from '@dspy-nest/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const METRICS = [
  `CREATE TABLE optimization.metrics (
    tenant text NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    version int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, id),
    CONSTRAINT metrics_name UNIQUE (tenant, name)
  )`,
  `CREATE TABLE optimization.metric_versions (
    tenant text NOT NULL,
    metric_id uuid NOT NULL,
    version int NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    definition json NOT NULL,
    description text,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, metric_id, version),
    FOREIGN KEY (tenant, metric_id) REFERENCES optimization.metrics (tenant, id) ON DELETE CASCADE
  )`,
  `CREATE INDEX metrics_by_age ON optimization.metrics (tenant, created_at DESC, id DESC)`,
];

// A score means what its metric said when it was given, so the database itself refuses to change a version.
const IMMUTABLE_VERSIONS = [
  `CREATE FUNCTION optimization.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'rows of % are immutable: write a new version', TG_TABLE_NAME;
  END $$`,
  `CREATE TRIGGER immutable BEFORE UPDATE ON optimization.metric_versions
    FOR EACH ROW EXECUTE FUNCTION optimization.refuse_change()`,
];

/** The metrics, and what every service has. `tenant` leads every key, so that no tenant can see or block another. */
export class CreateMetrics1764960000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of [...METRICS, ...IMMUTABLE_VERSIONS]) await queryRunner.query(statement);
    await createOutboxTable(queryRunner, 'optimization');
    await createIdempotencyKeysTable(queryRunner, 'optimization');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['idempotency_keys', 'outbox', 'metric_versions', 'metrics']) {
      await queryRunner.query(`DROP TABLE optimization.${table}`);
    }
    await queryRunner.query('DROP FUNCTION optimization.refuse_change()');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Batches, the rows they came with, and which executions are rows of which batch. */
export class CreateBatches1764950000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await createBatches(queryRunner);
    await queryRunner.query(`
      CREATE TABLE execution.batch_rows (
        tenant text NOT NULL,
        batch_id uuid NOT NULL,
        index int NOT NULL,
        execution_id uuid,
        digest text NOT NULL,
        inputs json,
        coercions json,
        error json,
        PRIMARY KEY (tenant, batch_id, index)
      )`);
    await queryRunner.query(`
      ALTER TABLE execution.executions ADD COLUMN batch_id uuid, ADD COLUMN batch_index int`);
    await queryRunner.query(`
      CREATE INDEX executions_by_batch ON execution.executions (tenant, batch_id, batch_index)
      WHERE batch_id IS NOT NULL`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX execution.executions_by_batch');
    await queryRunner.query('ALTER TABLE execution.executions DROP COLUMN batch_id, DROP COLUMN batch_index');
    await queryRunner.query('DROP TABLE execution.batch_rows');
    await queryRunner.query('DROP TABLE execution.batches');
  }
}

async function createBatches(queryRunner: QueryRunner): Promise<void> {
  // The counters change with every group of outcomes: room in its page lets a row be written anew without its index.
  await queryRunner.query(`
      CREATE TABLE execution.batches (
        tenant text NOT NULL,
        id uuid NOT NULL,
        name text,
        program_id uuid NOT NULL,
        program text NOT NULL,
        version int NOT NULL,
        signature text NOT NULL,
        model text NOT NULL,
        adapter text NOT NULL,
        format text NOT NULL,
        plan json NOT NULL,
        status text NOT NULL
          CHECK (status IN ('receiving', 'running', 'cancelling', 'completed', 'cancelled', 'failed')),
        error json,
        received int NOT NULL DEFAULT 0,
        invalid int NOT NULL DEFAULT 0,
        next_index int NOT NULL DEFAULT 0,
        dispatched int NOT NULL DEFAULT 0,
        succeeded int NOT NULL DEFAULT 0,
        failed int NOT NULL DEFAULT 0,
        cancelled int NOT NULL DEFAULT 0,
        timed_out int NOT NULL DEFAULT 0,
        prompt_tokens bigint,
        completion_tokens bigint,
        cost_usd float8,
        unpriced int NOT NULL DEFAULT 0,
        lease_owner uuid,
        lease_until timestamptz,
        rated_at timestamptz,
        rated_ended int NOT NULL DEFAULT 0,
        rows_per_s float8,
        traceparent text NOT NULL,
        created_at timestamptz NOT NULL,
        received_at timestamptz NOT NULL,
        started_at timestamptz,
        finished_at timestamptz,
        PRIMARY KEY (tenant, id)
      ) WITH (fillfactor = 50)`);
  await queryRunner.query(`CREATE INDEX batches_by_age ON execution.batches (tenant, created_at DESC, id DESC)`);
  await queryRunner.query(`
      CREATE INDEX batches_open ON execution.batches (created_at)
      WHERE status IN ('receiving', 'running', 'cancelling')`);
}

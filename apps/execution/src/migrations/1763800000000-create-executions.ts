import { createOutboxTable } from '@dspy-nest/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The table of executions, its outbox, and the indexes of its pages and of the sweeper. */
export class CreateExecutions1763800000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE execution.executions (
        tenant text NOT NULL,
        id uuid NOT NULL,
        program_id uuid NOT NULL,
        program text NOT NULL,
        version int NOT NULL,
        signature text NOT NULL,
        status text NOT NULL CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled', 'timed_out')),
        inputs json NOT NULL,
        outputs json,
        error json,
        coercions json NOT NULL DEFAULT '[]',
        model text NOT NULL,
        model_id uuid NOT NULL,
        model_version int NOT NULL,
        adapter text NOT NULL,
        format text NOT NULL,
        pool text NOT NULL,
        lane text NOT NULL,
        program_hash text NOT NULL,
        worker text,
        attempt int NOT NULL DEFAULT 0,
        epoch int NOT NULL DEFAULT 1,
        timeout_ms int NOT NULL,
        deadline_at timestamptz,
        dispatched_at timestamptz NOT NULL,
        prompt_tokens int,
        completion_tokens int,
        cost_usd float8,
        total_ms float8,
        queue_ms float8,
        worker_ms float8,
        lm_ms float8,
        traceparent text NOT NULL,
        created_at timestamptz NOT NULL,
        finished_at timestamptz,
        PRIMARY KEY (tenant, id)
      )`);
    await queryRunner.query(
      `CREATE INDEX executions_by_age ON execution.executions (tenant, created_at DESC, id DESC)`,
    );
    await queryRunner.query(
      `CREATE INDEX executions_by_program ON execution.executions (tenant, program, created_at DESC, id DESC)`,
    );
    await queryRunner.query(`
      CREATE INDEX executions_open ON execution.executions (dispatched_at)
      WHERE status IN ('queued', 'running')`);
    await createOutboxTable(queryRunner, 'execution');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE execution.outbox');
    await queryRunner.query('DROP TABLE execution.executions');
  }
}

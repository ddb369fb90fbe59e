import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an execution was allowed and what it took, its model calls, and the jobs that the fleet gave up. */
export class CreateEngine1764100000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE execution.executions
        ADD COLUMN limits json NOT NULL DEFAULT '{"connectMs":5000,"firstTokenMs":60000,"idleMs":30000,"attemptMs":120000}',
        ADD COLUMN max_retries int NOT NULL DEFAULT 2,
        ADD COLUMN record boolean NOT NULL DEFAULT true,
        ADD COLUMN parse_ms float8,
        ADD COLUMN recovery json NOT NULL DEFAULT '{"modelRetries":0,"parseRetries":0,"repairs":0}'`);
    // Those that went wrong are few and looked for: without an index of their own a page of them reads all that went well.
    await queryRunner.query(`
      CREATE INDEX executions_not_succeeded ON execution.executions (tenant, status, created_at DESC, id DESC)
      WHERE status <> 'succeeded'`);
    await queryRunner.query(`
      CREATE TABLE execution.model_calls (
        tenant text NOT NULL,
        execution_id uuid NOT NULL,
        calls json NOT NULL,
        created_at timestamptz NOT NULL,
        PRIMARY KEY (tenant, execution_id)
      )`);
    await queryRunner.query('CREATE INDEX model_calls_by_age ON execution.model_calls (created_at)');
    await queryRunner.query(`
      CREATE TABLE execution.dead_letters (
        tenant text NOT NULL,
        id uuid NOT NULL,
        execution_id uuid,
        program text,
        subject text NOT NULL,
        code text NOT NULL,
        message text NOT NULL,
        attempts int NOT NULL,
        worker text,
        created_at timestamptz NOT NULL,
        replayed_as uuid,
        replayed_at timestamptz,
        PRIMARY KEY (tenant, id)
      )`);
    await queryRunner.query(
      'CREATE INDEX dead_letters_by_age ON execution.dead_letters (tenant, created_at DESC, id DESC)',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE execution.dead_letters');
    await queryRunner.query('DROP TABLE execution.model_calls');
    await queryRunner.query('DROP INDEX execution.executions_not_succeeded');
    await queryRunner.query(`
      ALTER TABLE execution.executions
        DROP COLUMN limits, DROP COLUMN max_retries, DROP COLUMN record, DROP COLUMN parse_ms, DROP COLUMN recovery`);
  }
}

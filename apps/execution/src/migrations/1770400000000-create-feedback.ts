import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keeps what is said of executions. The index reads that of one execution, newest first. */
export class CreateFeedback1770400000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE execution.feedback (
        tenant text NOT NULL,
        id uuid NOT NULL,
        execution_id uuid NOT NULL,
        name text,
        score float8,
        comment text,
        correction json,
        source text NOT NULL,
        author text,
        created_at timestamptz NOT NULL,
        PRIMARY KEY (tenant, id),
        FOREIGN KEY (tenant, execution_id) REFERENCES execution.executions (tenant, id) ON DELETE CASCADE
      )`);
    await queryRunner.query(
      'CREATE INDEX feedback_of_executions ON execution.feedback (tenant, execution_id, created_at DESC, id DESC)',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE execution.feedback');
  }
}

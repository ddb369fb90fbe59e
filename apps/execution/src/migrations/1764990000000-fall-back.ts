import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Says which executions may run without a worker while none lives; the index finds those that wait for one. */
export class FallBack1764990000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE execution.executions ADD COLUMN fallback boolean NOT NULL DEFAULT false');
    await queryRunner.query(`CREATE INDEX executions_that_may_fall_back ON execution.executions (created_at)
      WHERE fallback AND adapter <> 'native' AND status IN ('queued', 'running')`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX execution.executions_that_may_fall_back');
    await queryRunner.query('ALTER TABLE execution.executions DROP COLUMN fallback');
  }
}

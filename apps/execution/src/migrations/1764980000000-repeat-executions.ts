import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Says which executions do which other again, or replay it. */
export class RepeatExecutions1764980000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE execution.executions ADD COLUMN rerun_of uuid, ADD COLUMN replay_of uuid');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE execution.executions DROP COLUMN rerun_of, DROP COLUMN replay_of');
  }
}

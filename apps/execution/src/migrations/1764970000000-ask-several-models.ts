import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Says which executions ask several models, and which of their answers is taken. */
export class AskSeveralModels1764970000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE execution.executions ADD COLUMN ensemble json');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE execution.executions DROP COLUMN ensemble');
  }
}

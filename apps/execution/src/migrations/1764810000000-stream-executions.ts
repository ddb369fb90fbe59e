import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether the tokens of an execution can be followed, and the number of the last event before its outputs. */
export class StreamExecutions1764810000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE execution.executions
      ADD COLUMN stream boolean NOT NULL DEFAULT false,
      ADD COLUMN last_sequence int`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE execution.executions DROP COLUMN last_sequence, DROP COLUMN stream');
  }
}

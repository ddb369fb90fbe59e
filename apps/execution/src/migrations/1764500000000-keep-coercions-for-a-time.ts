import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds the executions that still tell of coercions, for these have contents and are not kept for ever. */
export class KeepCoercionsForATime1764500000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE INDEX executions_with_coercions ON execution.executions (created_at)
      WHERE json_array_length(coercions) > 0`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX execution.executions_with_coercions');
  }
}

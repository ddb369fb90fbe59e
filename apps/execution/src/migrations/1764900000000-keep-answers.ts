import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Says which executions were answered without a model, and under which name and for how long their answer is kept. */
export class KeepAnswers1764900000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE execution.executions
        ADD COLUMN cached boolean NOT NULL DEFAULT false,
        ADD COLUMN cache_key text,
        ADD COLUMN cache_ttl_s int`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE execution.executions DROP COLUMN cached, DROP COLUMN cache_key, DROP COLUMN cache_ttl_s`);
  }
}

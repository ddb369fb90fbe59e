import { createIdempotencyKeysTable } from '@dspy-nest/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The keys under which callers may ask for an execution again. */
export class CreateIdempotencyKeys1764200000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await createIdempotencyKeysTable(queryRunner, 'execution');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE execution.idempotency_keys');
  }
}

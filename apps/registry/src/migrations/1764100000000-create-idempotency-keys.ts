import { createIdempotencyKeysTable } from '@dspy-nest/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The idempotency keys of what was created, each with its answer. */
export class CreateIdempotencyKeys1764100000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await createIdempotencyKeysTable(queryRunner, 'registry');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE registry.idempotency_keys');
  }
}

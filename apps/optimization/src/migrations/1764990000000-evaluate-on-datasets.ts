import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Evaluations say which version and split of a dataset their examples are from; null when they came with the request. */
export class EvaluateOnDatasets1764990000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE optimization.evaluations
        ADD dataset_id uuid, ADD dataset text, ADD dataset_version int, ADD split text`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'ALTER TABLE optimization.evaluations DROP dataset_id, DROP dataset, DROP dataset_version, DROP split',
    );
  }
}

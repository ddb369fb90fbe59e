import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  'ALTER TABLE registry.dataset_versions ADD COLUMN strata json',
  'ALTER TABLE registry.dataset_imports ADD COLUMN strata json',
  `ALTER TABLE registry.dataset_examples
    ALTER COLUMN split DROP NOT NULL, ADD COLUMN point bytea, ADD COLUMN stratum text`,
  `CREATE INDEX dataset_examples_by_inputs ON registry.dataset_examples
    (tenant, dataset_id, point, (split IS NULL), number) WHERE point IS NOT NULL`,
  `CREATE INDEX dataset_examples_undivided ON registry.dataset_examples
    (tenant, dataset_id, stratum, point) WHERE split IS NULL`,
  'DROP TRIGGER immutable ON registry.dataset_examples',
  `CREATE TRIGGER immutable BEFORE UPDATE ON registry.dataset_examples
    FOR EACH ROW WHEN (OLD.split IS NOT NULL) EXECUTE FUNCTION registry.refuse_change()`,
];

const DOWN = [
  'DELETE FROM registry.dataset_examples WHERE split IS NULL',
  'DROP TRIGGER immutable ON registry.dataset_examples',
  `CREATE TRIGGER immutable BEFORE UPDATE ON registry.dataset_examples
    FOR EACH ROW EXECUTE FUNCTION registry.refuse_change()`,
  'DROP INDEX registry.dataset_examples_undivided',
  'DROP INDEX registry.dataset_examples_by_inputs',
  `ALTER TABLE registry.dataset_examples
    ALTER COLUMN split SET NOT NULL, DROP COLUMN point, DROP COLUMN stratum`,
  'ALTER TABLE registry.dataset_imports DROP COLUMN strata',
  'ALTER TABLE registry.dataset_versions DROP COLUMN strata',
];

/**
 * Stratified datasets: an example has no split until all of its version have come, and then never another. `point` is the hash of
 * seed and inputs by which it is divided, and by which those with the same inputs are found.
 */
export class StratifyDatasets1770300000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await queryRunner.query(statement);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `CREATE TABLE registry.datasets (
    tenant text NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    version int NOT NULL,
    description text,
    signature json NOT NULL,
    splits json NOT NULL,
    last_number int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, id),
    CONSTRAINT datasets_name UNIQUE (tenant, name)
  )`,
  `CREATE INDEX datasets_by_age ON registry.datasets (tenant, created_at DESC, id DESC)`,
  `CREATE TABLE registry.dataset_versions (
    tenant text NOT NULL,
    dataset_id uuid NOT NULL,
    version int NOT NULL,
    examples json NOT NULL,
    hash text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, dataset_id, version),
    FOREIGN KEY (tenant, dataset_id) REFERENCES registry.datasets (tenant, id) ON DELETE CASCADE
  )`,
  `CREATE TABLE registry.dataset_examples (
    tenant text NOT NULL,
    dataset_id uuid NOT NULL,
    number int NOT NULL,
    hash bytea NOT NULL,
    split text NOT NULL CHECK (split IN ('train', 'validation', 'test')),
    added_in int NOT NULL,
    inputs json NOT NULL,
    outputs json NOT NULL,
    PRIMARY KEY (tenant, dataset_id, number),
    CONSTRAINT dataset_examples_content UNIQUE (tenant, dataset_id, hash),
    FOREIGN KEY (tenant, dataset_id) REFERENCES registry.datasets (tenant, id) ON DELETE CASCADE
  )`,
  `CREATE INDEX dataset_examples_by_split ON registry.dataset_examples (tenant, dataset_id, split, number)`,
  ...['dataset_versions', 'dataset_examples'].map(
    (table) => `CREATE TRIGGER immutable BEFORE UPDATE ON registry.${table}
    FOR EACH ROW EXECUTE FUNCTION registry.refuse_change()`,
  ),
];

/** Datasets: a version has the examples that were added in it or before, so that a new one writes no example again. */
export class CreateDatasets1769500000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['dataset_examples', 'dataset_versions', 'datasets']) {
      await queryRunner.query(`DROP TABLE registry.${table}`);
    }
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files on their way into datasets: one at a time for each, which is what the unique key is for. */
export class CreateDatasetImports1770200000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE registry.dataset_imports (
      tenant text NOT NULL,
      id uuid NOT NULL,
      dataset_id uuid NOT NULL,
      options json NOT NULL,
      received int NOT NULL,
      invalid int NOT NULL,
      errors json NOT NULL,
      last_number int NOT NULL,
      examples json NOT NULL,
      hash text NOT NULL,
      received_at timestamptz NOT NULL,
      PRIMARY KEY (tenant, id),
      CONSTRAINT dataset_imports_one UNIQUE (tenant, dataset_id),
      FOREIGN KEY (tenant, dataset_id) REFERENCES registry.datasets (tenant, id) ON DELETE CASCADE
    )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE registry.dataset_imports');
  }
}

import { createOutboxTable } from '@dspy-nest/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const SIGNATURES = [
  `CREATE TABLE registry.signatures (
    tenant text NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    version int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, id),
    CONSTRAINT signatures_name UNIQUE (tenant, name)
  )`,
  `CREATE TABLE registry.signature_versions (
    tenant text NOT NULL,
    signature_id uuid NOT NULL,
    version int NOT NULL,
    name text NOT NULL,
    definition text NOT NULL,
    hash text NOT NULL,
    instructions text,
    description text,
    inputs json NOT NULL,
    outputs json NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, signature_id, version),
    FOREIGN KEY (tenant, signature_id) REFERENCES registry.signatures (tenant, id) ON DELETE CASCADE
  )`,
  `CREATE INDEX signatures_by_age ON registry.signatures (tenant, created_at DESC, id DESC)`,
];

const PROGRAMS = [
  `CREATE TABLE registry.programs (
    tenant text NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    graphql_name text NOT NULL,
    version int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, id),
    CONSTRAINT programs_name UNIQUE (tenant, name),
    CONSTRAINT programs_graphql_name UNIQUE (tenant, graphql_name)
  )`,
  `CREATE TABLE registry.program_versions (
    tenant text NOT NULL,
    program_id uuid NOT NULL,
    version int NOT NULL,
    signature_id uuid NOT NULL,
    signature_version int NOT NULL,
    description text,
    module text NOT NULL,
    model text,
    adapter text NOT NULL,
    format text NOT NULL,
    config json NOT NULL,
    state json,
    hash text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, program_id, version),
    FOREIGN KEY (tenant, program_id) REFERENCES registry.programs (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, signature_id, signature_version)
      REFERENCES registry.signature_versions (tenant, signature_id, version)
  )`,
  `CREATE INDEX programs_by_age ON registry.programs (tenant, created_at DESC, id DESC)`,
  `CREATE INDEX program_versions_by_signature ON registry.program_versions (tenant, signature_id, signature_version)`,
  `CREATE INDEX program_versions_by_model ON registry.program_versions (tenant, model) WHERE model IS NOT NULL`,
];

const MODELS = [
  `CREATE TABLE registry.models (
    tenant text NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    version int NOT NULL,
    model text NOT NULL,
    base_url text NOT NULL,
    sealed_api_key text,
    format text NOT NULL,
    pricing json,
    capabilities json NOT NULL,
    managed_by text NOT NULL CHECK (managed_by IN ('api', 'environment')),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, id),
    CONSTRAINT models_name UNIQUE (tenant, name)
  )`,
  `CREATE INDEX models_by_age ON registry.models (tenant, created_at DESC, id DESC)`,
];

// Replicas and workers cache a version for ever, so the database itself refuses to change one.
const IMMUTABLE_VERSIONS = [
  `CREATE FUNCTION registry.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'rows of % are immutable: write a new version', TG_TABLE_NAME;
  END $$`,
  `CREATE TRIGGER immutable BEFORE UPDATE ON registry.signature_versions
    FOR EACH ROW EXECUTE FUNCTION registry.refuse_change()`,
  `CREATE TRIGGER immutable BEFORE UPDATE ON registry.program_versions
    FOR EACH ROW EXECUTE FUNCTION registry.refuse_change()`,
];

/** The tables of the registry. `tenant` leads every key, so that no tenant can see or block another. */
export class CreateRegistry1763800000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of [...SIGNATURES, ...PROGRAMS, ...MODELS, ...IMMUTABLE_VERSIONS]) {
      await queryRunner.query(statement);
    }
    await createOutboxTable(queryRunner, 'registry');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['outbox', 'program_versions', 'programs', 'signature_versions', 'signatures', 'models']) {
      await queryRunner.query(`DROP TABLE registry.${table}`);
    }
    await queryRunner.query('DROP FUNCTION registry.refuse_change()');
  }
}

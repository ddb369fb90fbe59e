import type { MigrationInterface, QueryRunner } from 'typeorm';

const EVALUATIONS = [
  // Its counters change with every page of results: in a half-filled page new versions of the row need no index entries.
  `CREATE TABLE optimization.evaluations (
    tenant text NOT NULL,
    id uuid NOT NULL,
    name text,
    program_id uuid NOT NULL,
    program text NOT NULL,
    version int NOT NULL,
    model text,
    metric_id uuid NOT NULL,
    metric text NOT NULL,
    metric_version int NOT NULL,
    definition json NOT NULL,
    status text NOT NULL,
    error json,
    total int NOT NULL,
    ended int NOT NULL,
    failed int NOT NULL,
    unscored int NOT NULL,
    prompt_tokens bigint,
    completion_tokens bigint,
    cost_usd float8,
    unpriced int NOT NULL,
    summary json,
    score float8,
    level float8 NOT NULL,
    seed bigint NOT NULL,
    traceparent text NOT NULL,
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    lease_owner uuid,
    lease_until timestamptz,
    PRIMARY KEY (tenant, id)
  ) WITH (fillfactor = 50)`,
  `CREATE INDEX evaluations_by_age ON optimization.evaluations (tenant, created_at DESC, id DESC)`,
  `CREATE INDEX evaluations_open ON optimization.evaluations (created_at) WHERE finished_at IS NULL`,
  `CREATE TABLE optimization.evaluation_examples (
    tenant text NOT NULL,
    evaluation_id uuid NOT NULL,
    index int NOT NULL,
    example_id text NOT NULL,
    inputs json NOT NULL,
    expected json NOT NULL,
    execution_id uuid,
    status text,
    answer json,
    score float8,
    cost_usd float8,
    total_ms float8,
    error_code text,
    PRIMARY KEY (tenant, evaluation_id, index),
    FOREIGN KEY (tenant, evaluation_id) REFERENCES optimization.evaluations (tenant, id) ON DELETE CASCADE
  )`,
];

/** Evaluations, each with its examples and what became of them. */
export class CreateEvaluations1764970000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of EVALUATIONS) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['evaluation_examples', 'evaluations']) {
      await queryRunner.query(`DROP TABLE optimization.${table}`);
    }
  }
}

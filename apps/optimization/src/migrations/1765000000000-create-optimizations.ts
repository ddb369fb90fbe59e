import type { MigrationInterface, QueryRunner } from 'typeorm';

const OPTIMIZATIONS = [
  // Its counters change with every trial: in a half-filled page new versions of the row need no index entries.
  `CREATE TABLE optimization.optimizations (
    tenant text NOT NULL,
    id uuid NOT NULL,
    name text,
    program_id uuid NOT NULL,
    program text NOT NULL,
    version int NOT NULL,
    program_hash text NOT NULL,
    dataset_id uuid NOT NULL,
    dataset text NOT NULL,
    dataset_version int NOT NULL,
    metric_id uuid NOT NULL,
    metric text NOT NULL,
    metric_version int NOT NULL,
    definition json NOT NULL,
    model_id uuid NOT NULL,
    model text NOT NULL,
    model_version int NOT NULL,
    format text NOT NULL,
    optimizer text NOT NULL,
    settings json NOT NULL,
    seed int NOT NULL,
    threads int NOT NULL,
    limits json NOT NULL,
    max_retries int NOT NULL,
    examples json NOT NULL,
    status text NOT NULL,
    step text,
    stopped_early boolean NOT NULL,
    error json,
    epoch int NOT NULL,
    attempt int NOT NULL,
    worker text,
    trials int NOT NULL,
    planned int,
    parent_score float8,
    best_score float8,
    best_trial int,
    best_state json,
    calls int NOT NULL,
    usage json NOT NULL,
    spent_before json NOT NULL,
    versions json NOT NULL,
    traceparent text NOT NULL,
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    trial_at timestamptz,
    finished_at timestamptz,
    PRIMARY KEY (tenant, id)
  ) WITH (fillfactor = 50)`,
  `CREATE INDEX optimizations_by_age ON optimization.optimizations (tenant, created_at DESC, id DESC)`,
  `CREATE INDEX optimizations_to_move_on ON optimization.optimizations (created_at) WHERE step IS NOT NULL`,
  // What the optimiser is given. There is no place for an example of the test split.
  `CREATE TABLE optimization.optimization_examples (
    tenant text NOT NULL,
    optimization_id uuid NOT NULL,
    split text NOT NULL CHECK (split IN ('train', 'validation')),
    number int NOT NULL,
    inputs json NOT NULL,
    outputs json NOT NULL,
    PRIMARY KEY (tenant, optimization_id, number),
    FOREIGN KEY (tenant, optimization_id) REFERENCES optimization.optimizations (tenant, id) ON DELETE CASCADE
  )`,
  `CREATE TABLE optimization.optimization_trials (
    tenant text NOT NULL,
    optimization_id uuid NOT NULL,
    attempt int NOT NULL,
    number int NOT NULL,
    trial json NOT NULL,
    PRIMARY KEY (tenant, optimization_id, attempt, number),
    FOREIGN KEY (tenant, optimization_id) REFERENCES optimization.optimizations (tenant, id) ON DELETE CASCADE
  )`,
  `CREATE TABLE optimization.optimization_messages (
    tenant text NOT NULL,
    optimization_id uuid NOT NULL,
    number int NOT NULL,
    attempt int NOT NULL,
    at timestamptz NOT NULL,
    text text NOT NULL,
    PRIMARY KEY (tenant, optimization_id, number),
    FOREIGN KEY (tenant, optimization_id) REFERENCES optimization.optimizations (tenant, id) ON DELETE CASCADE
  )`,
];

/** Optimisations, each with what its optimiser is given, what it tried and what it had to say. */
export class CreateOptimizations1765000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of OPTIMIZATIONS) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['optimization_messages', 'optimization_trials', 'optimization_examples', 'optimizations']) {
      await queryRunner.query(`DROP TABLE optimization.${table}`);
    }
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What ended in each five minutes, added up, and how far that has come. */
export class RollUpExecutions1764700000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // Partial, so that an acceptance, which has not ended, does not pay for it.
    await queryRunner.query(`
      CREATE INDEX executions_by_end ON execution.executions (finished_at) WHERE finished_at IS NOT NULL`);
    await queryRunner.query(`
      CREATE TABLE execution.execution_stats (
        tenant text NOT NULL,
        at timestamptz NOT NULL,
        program text NOT NULL,
        version int NOT NULL,
        model text NOT NULL,
        executions bigint NOT NULL,
        succeeded bigint NOT NULL,
        failed bigint NOT NULL,
        cancelled bigint NOT NULL,
        timed_out bigint NOT NULL,
        total_ms float8 NOT NULL,
        prompt_tokens bigint,
        completion_tokens bigint,
        cost_usd float8,
        unpriced bigint NOT NULL,
        bins smallint[] NOT NULL,
        counts bigint[] NOT NULL,
        PRIMARY KEY (tenant, at, program, version, model)
      )`);
    await queryRunner.query(`
      CREATE TABLE execution.execution_stats_state (
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        rolled_until timestamptz NOT NULL
      )`);
    await queryRunner.query(`
      INSERT INTO execution.execution_stats_state (rolled_until)
      SELECT date_bin('5 minutes', COALESCE(min(finished_at), now()), 'epoch') FROM execution.executions`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE execution.execution_stats_state');
    await queryRunner.query('DROP TABLE execution.execution_stats');
    await queryRunner.query('DROP INDEX execution.executions_by_end');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

const COLUMNS = {
  level: 'float8 NOT NULL DEFAULT 0.95',
  parent_state: 'json',
  candidate_version: 'int',
  guard: 'json',
  conclusion: 'text',
  publication: 'json',
};

/** Optimisations know how their candidates were judged, and what became of them. */
export class JudgeOptimizations1765020000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const added = Object.entries(COLUMNS).map(([name, type]) => `ADD COLUMN ${name} ${type}`);
    await queryRunner.query(`ALTER TABLE optimization.optimizations ${added.join(', ')}`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const dropped = Object.keys(COLUMNS).map((name) => `DROP COLUMN ${name}`);
    await queryRunner.query(`ALTER TABLE optimization.optimizations ${dropped.join(', ')}`);
  }
}

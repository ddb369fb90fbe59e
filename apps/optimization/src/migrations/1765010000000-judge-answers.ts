import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  // `answered` and `judging_at` are used only where a judge is asked once all answers are there.
  `ALTER TABLE optimization.evaluations
    ADD answered int NOT NULL DEFAULT 0, ADD judging_at timestamptz, ADD judge_usage json`,
  'ALTER TABLE optimization.evaluation_examples ADD judgements json',
];

const DOWN = [
  'ALTER TABLE optimization.evaluation_examples DROP judgements',
  'ALTER TABLE optimization.evaluations DROP answered, DROP judging_at, DROP judge_usage',
];

/** Answers are judged by programs, whose cost is kept apart. */
export class JudgeAnswers1765010000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of UP) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await queryRunner.query(statement);
  }
}

import type { EvaluationResultV1 } from '@dspy-nest/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EvaluationKey } from '../evaluations/evaluation.entity';

/** Bytes of inputs and answers, as Postgres stores them, that one page reads. */
const PAGE_MAX_BYTES = 1_048_576;

const ROWS = `
  SELECT index, example_id AS "exampleId", inputs, expected, execution_id AS "executionId", status, answer, score,
    cost_usd AS "costUsd", total_ms AS "totalMs", error_code AS "errorCode", judgements
  FROM (
    SELECT *, sum(bytes) OVER (ORDER BY index) - bytes AS before
    FROM (
      SELECT *, pg_column_size(inputs) + pg_column_size(expected) + COALESCE(pg_column_size(answer), 0)
        + COALESCE(pg_column_size(judgements), 0) AS bytes
      FROM optimization.evaluation_examples
      WHERE tenant = $1 AND evaluation_id = $2 AND index > $3 AND status IS NOT NULL ORDER BY index LIMIT $4
    ) AS next
  ) AS measured
  WHERE before < ${PAGE_MAX_BYTES} ORDER BY index`;

/** Reads what became of the examples of evaluations, by their place. */
@Injectable()
export class EvaluationResultsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Results after a place, at most `limit` and about 1 MiB. */
  rows({ tenant, id }: EvaluationKey, after: number, limit: number): Promise<EvaluationResultV1[]> {
    return this.dataSource.query<EvaluationResultV1[]>(ROWS, [tenant, id, after, limit]);
  }
}

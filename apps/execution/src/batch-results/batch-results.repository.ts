import type { JsonObject, WireError } from '@dspy-nest/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { BatchKey } from '../batches/batches.repository';
import type { ExecutionEntity } from '../executions/execution.entity';

/** Bytes of outputs, as Postgres stores them, that one page reads. */
const PAGE_MAX_BYTES = 1_048_576;

const ROWS = `
  SELECT index, id, status, outputs, error, prompt_tokens, completion_tokens, cost_usd, total_ms FROM (
    SELECT row.index, e.id, e.status, e.outputs, COALESCE(e.error, row.error) AS error, e.prompt_tokens, e.completion_tokens,
      e.cost_usd, e.total_ms, sum(COALESCE(pg_column_size(e.outputs), 0)) OVER (ORDER BY row.index)
        - COALESCE(pg_column_size(e.outputs), 0) AS before
    FROM (
      SELECT tenant, index, execution_id, error FROM execution.batch_rows
      WHERE tenant = $1 AND batch_id = $2 AND index > $3 ORDER BY index LIMIT $4
    ) AS row
    LEFT JOIN execution.executions AS e ON e.tenant = row.tenant AND e.id = row.execution_id
  ) AS measured
  WHERE before < ${PAGE_MAX_BYTES} ORDER BY index`;

/** A row of a batch and how its execution stands; without an execution `id` and `status` are null. */
export interface RowWithExecution {
  readonly index: number;
  readonly id: string | null;
  readonly status: ExecutionEntity['status'] | null;
  readonly outputs: JsonObject | null;
  readonly error: WireError | null;
  readonly prompt_tokens: number | null;
  readonly completion_tokens: number | null;
  readonly cost_usd: number | null;
  readonly total_ms: number | null;
}

/** Reads rows of batches with their executions, by the place of the row. */
@Injectable()
export class BatchResultsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Rows after a place, at most `limit` and about 1 MiB of outputs. */
  rows({ tenant, id }: BatchKey, after: number, limit: number): Promise<RowWithExecution[]> {
    return this.dataSource.query<RowWithExecution[]>(ROWS, [tenant, id, after, limit]);
  }
}

import { type FirstRequest, IdempotencyKeys, type KeyedRequest } from '@dspy-nest/persistence';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { BatchEntity } from '../batches/batch.entity';
import type { BatchKey } from '../batches/batches.repository';
import type { StoredRow } from './batch-row';

const GIVEN = `json_to_recordset($3::json) AS given(index int, execution_id uuid, digest text, inputs json, coercions json, error json)`;

const APPEND = `
  WITH written AS (
    INSERT INTO execution.batch_rows (tenant, batch_id, index, execution_id, digest, inputs, coercions, error)
    SELECT $1, $2, index, execution_id, digest, inputs, coercions, error FROM ${GIVEN} ORDER BY index
    ON CONFLICT (tenant, batch_id, index) DO NOTHING
    RETURNING error IS NOT NULL AS invalid
  ), counts AS (
    SELECT count(*) AS rows, count(*) FILTER (WHERE invalid) AS invalid FROM written
  ), counted AS (
    UPDATE execution.batches AS b SET received = b.received + counts.rows, invalid = b.invalid + counts.invalid,
      received_at = now()
    FROM counts WHERE b.tenant = $1 AND b.id = $2
  )
  SELECT rows::int FROM counts`;

const COMPARE = `
  SELECT given.index, kept.index IS NULL AS missing FROM ${GIVEN}
  LEFT JOIN execution.batch_rows AS kept ON kept.tenant = $1 AND kept.batch_id = $2 AND kept.index = given.index
  WHERE kept.digest IS DISTINCT FROM given.digest
  ORDER BY given.index LIMIT 1`;

/** A row that is not as it was before; `missing` when it was not there at all. */
export interface OtherRow {
  readonly index: number;
  readonly missing: boolean;
}

/** Writes batches and the rows they come with. */
@Injectable()
export class BatchUploadsRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly keys: IdempotencyKeys,
  ) {}

  /** What the first request with a key made. */
  first(request: KeyedRequest, now: Date): Promise<FirstRequest | null> {
    return this.keys.first(this.dataSource.manager, request, now);
  }

  /** Writes a batch, with its key if it came with one; resolves to the id that stands: that of the first request with the key. */
  create(row: BatchEntity, request: KeyedRequest | undefined): Promise<string> {
    return this.dataSource.transaction(async (manager) => {
      const first = request && (await this.keys.claim(manager, request, row.id, row.createdAt));
      if (first) return first.subjectId;
      await manager
        .createQueryBuilder()
        .insert()
        .into(BatchEntity)
        .values(row as object)
        .orIgnore()
        .execute();
      return row.id;
    });
  }

  /** Writes the rows that are not there yet, in the transaction that holds the batch; resolves to how many these were. */
  async append(manager: EntityManager, { tenant, id }: BatchKey, rows: readonly StoredRow[]): Promise<number> {
    const [written] = await manager.query<{ rows: number }[]>(APPEND, [tenant, id, JSON.stringify(rows)]);
    return written?.rows ?? 0;
  }

  /** The first of these rows that is stored otherwise. */
  async firstOther(
    manager: EntityManager,
    { tenant, id }: BatchKey,
    rows: readonly StoredRow[],
  ): Promise<OtherRow | null> {
    const marks = rows.map(({ index, digest }) => ({ index, digest }));
    const found = await manager.query<OtherRow[]>(COMPARE, [tenant, id, JSON.stringify(marks)]);
    return found[0] ?? null;
  }

  /** Deletes a batch that has no rows, in the transaction that holds it. */
  async remove(manager: EntityManager, { tenant, id }: BatchKey): Promise<void> {
    await manager.delete(BatchEntity, { tenant, id });
    await manager.query('DELETE FROM execution.idempotency_keys WHERE tenant = $1 AND subject_id = $2', [tenant, id]);
  }
}

import type { DatasetDiffV1, ExampleSplit } from '@dspy-nest/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { DatasetEntity } from '../datasets/dataset.entity';

// Values are stored in the order of their fields, so that equal inputs are equal texts.
const ADDED = `
  WITH earlier AS (
    SELECT md5(inputs::text) AS key, min(hash) AS hash FROM registry.dataset_examples
    WHERE tenant = $1 AND dataset_id = $2 AND added_in <= $3 GROUP BY 1
  ), added AS (
    SELECT *, md5(inputs::text) AS key FROM registry.dataset_examples
    WHERE tenant = $1 AND dataset_id = $2 AND added_in > $3 AND added_in <= $4
  )`;

const ANSWERED_ANEW = `${ADDED} SELECT count(*)::int AS count FROM added JOIN earlier USING (key)`;

const ITEMS = `${ADDED}
  SELECT encode(added.hash, 'hex') AS id, number, added_in AS "addedIn", split, inputs, outputs,
    encode(earlier.hash, 'hex') AS "sameInputsAs"
  FROM added LEFT JOIN earlier USING (key) ORDER BY earlier.hash IS NULL, number LIMIT $5`;

const SAMPLE = `
  SELECT number, split, inputs, encode(hash, 'hex') AS id FROM registry.dataset_examples
  WHERE tenant = $1 AND dataset_id = $2 AND added_in <= $3 AND hash > decode($4, 'hex') ORDER BY hash LIMIT $5`;

const NAMED = `
  SELECT number, split, encode(hash, 'hex') AS id FROM registry.dataset_examples
  WHERE tenant = $1 AND dataset_id = $2 AND number = ANY($3)`;

type DatasetKey = Pick<DatasetEntity, 'tenant' | 'id'>;
type DiffItem = DatasetDiffV1['items'][number];

/** An example by its number, and the id it is known by. */
export interface NumberedExample {
  readonly id: string;
  readonly number: number;
  readonly split: ExampleSplit;
}

/** An example as it is compared with others. */
export interface ComparedExample extends NumberedExample {
  readonly inputs: Record<string, unknown>;
}

/** Reads examples so as to compare them. */
@Injectable()
export class DatasetComparisonsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** How many of those added between two versions have inputs that were there before. */
  async answeredAnew({ tenant, id }: DatasetKey, from: number, to: number): Promise<number> {
    const [row] = await this.dataSource.query<{ count: number }[]>(ANSWERED_ANEW, [tenant, id, from, to]);
    return row?.count ?? 0;
  }

  /** The first of those added between two versions. */
  async added({ tenant, id }: DatasetKey, versions: { from: number; to: number }, limit: number): Promise<DiffItem[]> {
    type Row = DiffItem['example'] & Pick<DiffItem, 'sameInputsAs'>;
    const rows = await this.dataSource.query<Row[]>(ITEMS, [tenant, id, versions.from, versions.to, limit]);
    return rows.map(({ sameInputsAs, ...example }) => ({ example, sameInputsAs }));
  }

  /** Examples of a version in the order of their hashes, which is no order at all, of those after `after`. */
  sample(
    { tenant, id }: DatasetKey,
    { version, after, limit }: { version: number; after: string; limit: number },
  ): Promise<ComparedExample[]> {
    return this.dataSource.query<ComparedExample[]>(SAMPLE, [tenant, id, version, after, limit]);
  }

  /** Examples by their numbers. */
  async byNumber({ tenant, id }: DatasetKey, numbers: readonly number[]): Promise<Map<number, NumberedExample>> {
    const rows = await this.dataSource.query<NumberedExample[]>(NAMED, [tenant, id, numbers]);
    return new Map(rows.map((row) => [row.number, row]));
  }
}

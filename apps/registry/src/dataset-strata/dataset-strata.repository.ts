import type { ExampleSplit } from '@dspy-nest/contracts';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DatasetEntity } from '../datasets/dataset.entity';

const STRATUM = `coalesce((outputs -> $4)::text, 'null')`;

const TALLY = `
  SELECT CASE WHEN split IS NULL THEN stratum ELSE ${STRATUM} END AS stratum, split, count(*)::int AS count
  FROM registry.dataset_examples WHERE tenant = $1 AND dataset_id = $2 AND number > $3 GROUP BY 1, 2`;

const POINT = `
  SELECT encode(e.point, 'hex') AS point FROM registry.dataset_examples AS e
  WHERE e.tenant = $1 AND e.dataset_id = $2 AND e.split IS NULL AND e.stratum = $3 ORDER BY e.point OFFSET $4 LIMIT 1`;

// No boundary is one that nothing is beyond. "split IS NULL" would let the planner go through all that is undivided, page by page.
const DIVIDE = `
  UPDATE registry.dataset_examples AS e SET split = CASE
    WHEN coalesce(e.point < decode(b.test, 'hex'), true) THEN 'test'
    WHEN coalesce(e.point < decode(b.validation, 'hex'), true) THEN 'validation'
    ELSE 'train' END
  FROM json_to_recordset($5::json) AS b(stratum text, test text, validation text)
  WHERE e.tenant = $1 AND e.dataset_id = $2 AND e.number > $3 AND e.number <= $4
    AND coalesce(e.split, '') = '' AND e.stratum = b.stratum`;

const READ = `
  SELECT encode(hash, 'hex') AS hash, split, ${STRATUM} AS stratum FROM registry.dataset_examples
  WHERE tenant = $1 AND dataset_id = $2 AND number > $3 AND number <= $5`;

/** Names one dataset of a tenant. */
type DatasetKey = Pick<DatasetEntity, 'tenant' | 'id'>;

/** Where in a stratum, in the order of its points, test ends and where validation does; null at the end of the stratum. */
export interface Boundaries {
  readonly stratum: string;
  readonly test: string | null;
  readonly validation: string | null;
}

/** The numbers of examples, above the one and up to the other. */
export interface NumberRange {
  readonly above: number;
  readonly upTo: number;
}

/** Reads and divides the examples of a version that is on its way. */
@Injectable()
export class DatasetStrataRepository {
  /** How many examples above a number there are by stratum and split; those without a split are still to be divided. */
  async tally(
    manager: EntityManager,
    { tenant, id }: DatasetKey,
    { above, field }: { above: number; field: string },
  ): Promise<{ stratum: string; split: ExampleSplit | null; count: number }[]> {
    return manager.query(TALLY, [tenant, id, above, field]);
  }

  /** The point that an undivided example of a stratum has at a place in their order, from 0; null behind the last. */
  async pointAt(
    manager: EntityManager,
    { tenant, id }: DatasetKey,
    { stratum, place }: { stratum: string; place: number },
  ): Promise<string | null> {
    const rows = await manager.query<{ point: string }[]>(POINT, [tenant, id, stratum, place]);
    return rows[0]?.point ?? null;
  }

  /** Gives the undivided examples of some numbers their splits. */
  async divide(
    manager: EntityManager,
    { tenant, id }: DatasetKey,
    { above, upTo }: NumberRange,
    boundaries: readonly Boundaries[],
  ): Promise<void> {
    await manager.query(DIVIDE, [tenant, id, above, upTo, JSON.stringify(boundaries)]);
  }

  /** What counts of the examples of some numbers. */
  async read(
    manager: EntityManager,
    { tenant, id }: DatasetKey,
    { above, upTo, field }: NumberRange & { field: string },
  ): Promise<{ hash: string; split: ExampleSplit; stratum: string }[]> {
    return manager.query(READ, [tenant, id, above, field, upTo]);
  }
}

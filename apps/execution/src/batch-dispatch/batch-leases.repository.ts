import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { BatchKey } from '../batches/batches.repository';

/** How long a batch stays with a replica that does not say that it lives. */
export const LEASE_MS = 5_000;

/** Over how long the pace of a batch is measured. */
const PACE_S = 5;

const CLAIM = `
  UPDATE execution.batches AS b SET lease_owner = $1, lease_until = now() + interval '${LEASE_MS} ms',
    rows_per_s = CASE WHEN mine.seconds >= ${PACE_S} THEN (mine.ended - b.rated_ended) / mine.seconds ELSE b.rows_per_s END,
    rated_ended = CASE WHEN mine.seconds >= ${PACE_S} THEN mine.ended ELSE b.rated_ended END,
    rated_at = CASE WHEN mine.seconds >= ${PACE_S} THEN now() ELSE b.rated_at END
  FROM (
    SELECT tenant, id, succeeded + failed + cancelled + timed_out AS ended,
      extract(epoch FROM now() - COALESCE(rated_at, started_at))::float8 AS seconds
    FROM execution.batches
    WHERE status IN ('running', 'cancelling') AND (lease_until IS NULL OR lease_until < now() OR lease_owner = $1)
    ORDER BY created_at, id
    FOR UPDATE SKIP LOCKED
  ) AS mine
  WHERE b.tenant = mine.tenant AND b.id = mine.id
  RETURNING b.tenant, b.id`;

/** Which replica moves which batch on. */
@Injectable()
export class BatchLeasesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Takes the batches that nobody moves on, keeps those that this replica does, and notes how fast they go. */
  async claim(owner: string): Promise<BatchKey[]> {
    const [claimed] = await this.dataSource.query<[BatchKey[], number]>(CLAIM, [owner]);
    return claimed;
  }

  /** How many batches are run, by all replicas. */
  async running(): Promise<number> {
    const [found] = await this.dataSource.query<{ running: number }[]>(
      `SELECT count(*)::int AS running FROM execution.batches WHERE status = 'running'`,
    );
    return found?.running ?? 0;
  }

  /** Batches whose rows stopped coming before `before`. */
  abandoned(before: Date): Promise<BatchKey[]> {
    return this.dataSource.query<BatchKey[]>(
      `SELECT tenant, id FROM execution.batches WHERE status = 'receiving' AND received_at < $1 ORDER BY created_at LIMIT 100`,
      [before],
    );
  }
}

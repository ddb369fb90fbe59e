import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EvaluationKey } from '../evaluations/evaluation.entity';

/** How long an evaluation stays with a replica that does not say that it lives. */
const LEASE_MS = 5_000;

const CLAIM = `
  UPDATE optimization.evaluations AS e SET lease_owner = $1, lease_until = now() + interval '${LEASE_MS} ms'
  FROM (
    SELECT tenant, id FROM optimization.evaluations
    WHERE finished_at IS NULL AND (lease_until IS NULL OR lease_until < now() OR lease_owner = $1)
    ORDER BY created_at LIMIT 100
    FOR UPDATE SKIP LOCKED
  ) AS mine
  WHERE e.tenant = mine.tenant AND e.id = mine.id
  RETURNING e.tenant, e.id`;

const RELEASE = `
  UPDATE optimization.evaluations SET lease_until = NULL WHERE finished_at IS NULL AND lease_owner = $1`;

/** Which replica moves which evaluation on. */
@Injectable()
export class EvaluationLeasesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Takes the evaluations that nobody moves on, and keeps those that this replica does. */
  async claim(owner: string): Promise<EvaluationKey[]> {
    const [claimed] = await this.dataSource.query<[EvaluationKey[], number]>(CLAIM, [owner]);
    return claimed;
  }

  /** Leaves all of them to other replicas at once. */
  async release(owner: string): Promise<void> {
    await this.dataSource.query(RELEASE, [owner]);
  }
}

import type {
  OptimizationLogV1,
  OptimizationPageGetV1,
  OptimizationProgressV1,
  OptimizationTrial,
} from '@dspy-nest/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { OptimizationEntity, OptimizationKey } from '../optimizations/optimization.entity';

/** Messages of one optimisation that are kept; later ones are not. */
const MESSAGES_MAX = 10_000;

const ADD_TRIALS = `
  INSERT INTO optimization.optimization_trials (tenant, optimization_id, attempt, number, trial)
  SELECT $1, $2, $3, (t ->> 'number')::int, t FROM json_array_elements($4::json) AS t
  ON CONFLICT DO NOTHING`;

// A message that is told again, because the answer to it was lost, is known by when it was said.
const ADD_MESSAGES = `
  WITH last AS (
    SELECT COALESCE(max(number), 0) AS number FROM optimization.optimization_messages
    WHERE tenant = $1 AND optimization_id = $2
  ), fresh AS (
    SELECT m.at, m.text, row_number() OVER (ORDER BY m.at) AS place
    FROM json_to_recordset($4::json) AS m (at timestamptz, text text)
    WHERE NOT EXISTS (
      SELECT FROM optimization.optimization_messages AS known
      WHERE known.tenant = $1 AND known.optimization_id = $2 AND known.attempt = $3
        AND known.at = m.at AND known.text = m.text)
  )
  INSERT INTO optimization.optimization_messages (tenant, optimization_id, number, attempt, at, text)
  SELECT $1, $2, last.number + fresh.place, $3, fresh.at, fresh.text FROM fresh, last
  WHERE last.number + fresh.place <= ${MESSAGES_MAX}`;

const TRIALS = `
  SELECT trial FROM optimization.optimization_trials
  WHERE tenant = $1 AND optimization_id = $2 AND attempt = $3 AND number > $4 ORDER BY number LIMIT $5`;

const MESSAGES = `
  SELECT number, attempt, at, text FROM optimization.optimization_messages
  WHERE tenant = $1 AND optimization_id = $2 AND number > $3 ORDER BY number LIMIT $4`;

/** Where to read on, and how much. */
type Window = Required<Pick<OptimizationPageGetV1, 'after' | 'limit'>>;

/** What runs told: their trials, and what they had to say. */
@Injectable()
export class OptimizationReportsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Writes what is new, into the transaction that holds the optimisation. */
  async add(manager: EntityManager, { tenant, id }: OptimizationKey, told: OptimizationProgressV1): Promise<void> {
    const { attempt, trials, messages } = told;
    if (trials.length > 0) await manager.query(ADD_TRIALS, [tenant, id, attempt, JSON.stringify(trials)]);
    if (messages.length > 0) await manager.query(ADD_MESSAGES, [tenant, id, attempt, JSON.stringify(messages)]);
  }

  /** Trials of the present attempt. */
  async trials({ tenant, id, attempt }: OptimizationEntity, { after, limit }: Window): Promise<OptimizationTrial[]> {
    const rows = await this.dataSource.query<{ trial: OptimizationTrial }[]>(TRIALS, [
      tenant,
      id,
      attempt,
      after,
      limit,
    ]);
    return rows.map(({ trial }) => trial);
  }

  /** Messages of all attempts. */
  async messages({ tenant, id }: OptimizationKey, { after, limit }: Window): Promise<OptimizationLogV1['items']> {
    const rows = await this.dataSource.query<(Omit<OptimizationLogV1['items'][number], 'at'> & { at: Date })[]>(
      MESSAGES,
      [tenant, id, after, limit],
    );
    return rows.map(({ at, ...message }) => ({ at: at.toISOString(), ...message }));
  }
}

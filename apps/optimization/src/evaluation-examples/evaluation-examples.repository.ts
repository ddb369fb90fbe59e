import type { JsonObject } from '@dspy-nest/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { EvaluationKey } from '../evaluations/evaluation.entity';
import type { EndedExample } from '../evaluation-runs/evaluation-summary';
import type { ScoredResult } from '../evaluation-runs/scored-result';
import type { NamedExample } from './named-example';

/** Bytes and number of inputs that one page of examples has at most. */
const PAGE_MAX_BYTES = 1_048_576;
const PAGE_MAX_ROWS = 1_000;

const ADD = `
  INSERT INTO optimization.evaluation_examples (tenant, evaluation_id, index, example_id, inputs, expected)
  SELECT $1, $2, ($3 + given.place - 1)::int, given.example ->> 'id', given.example -> 'inputs', given.example -> 'expected'
  FROM json_array_elements($4::json) WITH ORDINALITY AS given (example, place)
  ON CONFLICT DO NOTHING`;

const INPUTS = `
  SELECT inputs FROM (
    SELECT index, inputs, sum(octet_length(inputs::text)) OVER (ORDER BY index) - octet_length(inputs::text) AS before
    FROM (
      SELECT index, inputs FROM optimization.evaluation_examples
      WHERE tenant = $1 AND evaluation_id = $2 AND index >= $3 ORDER BY index LIMIT ${PAGE_MAX_ROWS}
    ) AS next
  ) AS measured
  WHERE before < ${PAGE_MAX_BYTES} ORDER BY index`;

const EXAMPLES = `
  SELECT inputs, expected FROM optimization.evaluation_examples
  WHERE tenant = $1 AND evaluation_id = $2 AND index >= $3 ORDER BY index LIMIT $4`;

const RECORD = `
  UPDATE optimization.evaluation_examples AS e
  SET execution_id = r."executionId", status = r.status, answer = r.answer, score = r.score, cost_usd = r."costUsd",
    total_ms = r."totalMs", error_code = r."errorCode", judgements = r.judgements
  FROM json_to_recordset($3::json) AS r (
    index int, "executionId" uuid, status text, answer json, score float8, "costUsd" float8, "totalMs" float8,
    "errorCode" text, judgements json)
  WHERE e.tenant = $1 AND e.evaluation_id = $2 AND e.index = r.index AND e.status IS NULL`;

const ENDED = `
  SELECT score, total_ms AS "totalMs", error_code AS "errorCode", expected -> $3::text AS expected, answer -> $3::text AS given
  FROM optimization.evaluation_examples
  WHERE tenant = $1 AND evaluation_id = $2 AND status IS NOT NULL ORDER BY index`;

/** An example in its place. */
interface KeptExample {
  readonly inputs: JsonObject;
  readonly expected: JsonObject;
}

/** The examples of evaluations, in their places. */
@Injectable()
export class EvaluationExamplesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Adds examples in the places from `first` on; what has its place stays. */
  async add(
    manager: EntityManager,
    { tenant, id }: EvaluationKey,
    first: number,
    examples: readonly NamedExample[],
  ): Promise<void> {
    await manager.query(ADD, [tenant, id, first, JSON.stringify(examples)]);
  }

  /** Adds examples in a transaction of their own. */
  async addAlone(key: EvaluationKey, first: number, examples: readonly NamedExample[]): Promise<void> {
    await this.add(this.dataSource.manager, key, first, examples);
  }

  /** The inputs of examples from one on, at most 1,000 and about 1 MiB. */
  async inputs({ tenant, id }: EvaluationKey, first: number): Promise<JsonObject[]> {
    const rows = await this.dataSource.query<{ inputs: JsonObject }[]>(INPUTS, [tenant, id, first]);
    return rows.map(({ inputs }) => inputs);
  }

  /** Examples from one on. */
  examples({ tenant, id }: EvaluationKey, first: number, count: number): Promise<KeptExample[]> {
    return this.dataSource.query<KeptExample[]>(EXAMPLES, [tenant, id, first, count]);
  }

  /** Writes what became of examples; what was written once stays. */
  async record(manager: EntityManager, { tenant, id }: EvaluationKey, results: readonly ScoredResult[]): Promise<void> {
    await manager.query(RECORD, [tenant, id, JSON.stringify(results)]);
  }

  /** What became of all examples that have ended, with the field of the metric. */
  ended(manager: EntityManager, { tenant, id }: EvaluationKey, field: string): Promise<EndedExample[]> {
    return manager.query<EndedExample[]>(ENDED, [tenant, id, field]);
  }
}

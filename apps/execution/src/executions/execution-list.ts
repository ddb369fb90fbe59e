import type { JsonObject } from '@dspy-nest/contracts';
import type { FilterableColumn, ListDefinition } from '@dspy-nest/persistence';

const number = (column: string): FilterableColumn => ({ column, type: 'number', nullable: true });
/** Below every value, so that what has none comes first or last. */
const orLowest = (column: string): string => `COALESCE(execution.${column}, '-Infinity')`;

/** Bytes of contents up to which a list has them: stored, where Postgres need not unpack them, and as text. */
const LISTED_MAX_BYTES = 32_768;
/** The SQL of a column of JSON that is null where it is too large for a list. */
export const ifListed = (column: string): string => `
  CASE WHEN pg_column_size(${column}) <= ${LISTED_MAX_BYTES} AND octet_length(CAST(${column} AS text)) <= ${LISTED_MAX_BYTES}
  THEN ${column} END`;

/** What a list reads beside the columns of its executions: what may be large, unless it is. */
export interface ListedContents {
  readonly listedInputs: JsonObject | null;
  readonly listedOutputs: JsonObject | null;
  readonly hasOutputs: boolean;
}
const LISTED_CONTENTS: Record<keyof ListedContents, string> = {
  listedInputs: ifListed('execution.inputs'),
  listedOutputs: ifListed('execution.outputs'),
  hasOutputs: '(execution.outputs IS NOT NULL)',
};

const FEEDBACK = `
  FROM execution.feedback AS said WHERE said.tenant = execution.tenant AND said.execution_id = execution.id`;
/** The newest score that an execution was given, whatever its name. */
const NEWEST_SCORE = `(SELECT said.score ${FEEDBACK} AND said.score IS NOT NULL ORDER BY said.created_at DESC, said.id DESC LIMIT 1)`;
const IS_CORRECTED = `(EXISTS (SELECT 1 ${FEEDBACK} AND said.correction IS NOT NULL))`;

/** What callers may do with the list of executions; the query calls them `execution`. */
export const EXECUTION_LIST: ListDefinition = {
  filterable: {
    id: { column: 'id', type: 'uuid' },
    programId: { column: 'programId', type: 'uuid' },
    program: { column: 'program', type: 'string' },
    version: { column: 'version', type: 'number' },
    signature: { column: 'signature', type: 'string' },
    status: { column: 'status', type: 'string' },
    errorCode: { column: `(execution.error ->> 'code')`, type: 'string', nullable: true },
    model: { column: 'model', type: 'string' },
    adapter: { column: 'adapter', type: 'string' },
    format: { column: 'format', type: 'string' },
    lane: { column: 'lane', type: 'string' },
    worker: { column: 'worker', type: 'string', nullable: true },
    attempt: { column: 'attempt', type: 'number' },
    batchId: { column: 'batchId', type: 'uuid', nullable: true },
    batchIndex: number('batchIndex'),
    traceId: { column: 'substr(execution.traceparent, 4, 32)', type: 'string' },
    promptTokens: number('promptTokens'),
    completionTokens: number('completionTokens'),
    costUsd: number('costUsd'),
    totalMs: number('totalMs'),
    queueMs: number('queueMs'),
    workerMs: number('workerMs'),
    lmMs: number('lmMs'),
    parseMs: number('parseMs'),
    overheadMs: number('(execution.totalMs - execution.lmMs)'),
    score: number(NEWEST_SCORE),
    corrected: { column: IS_CORRECTED, type: 'boolean' },
    createdAt: { column: 'createdAt', type: 'timestamp' },
    finishedAt: { column: 'finishedAt', type: 'timestamp', nullable: true },
  },
  sortable: {
    createdAt: 'createdAt',
    finishedAt: orLowest('finishedAt'),
    program: 'program',
    version: 'version',
    status: 'status',
    model: 'model',
    totalMs: orLowest('totalMs'),
    lmMs: orLowest('lmMs'),
    costUsd: orLowest('costUsd'),
  },
  defaultSort: '-createdAt',
  idColumn: 'id',
  extras: LISTED_CONTENTS,
};

import type { FilterableColumn, ListDefinition } from '@dspy-nest/persistence';

const number = (column: string): FilterableColumn => ({ column, type: 'number', nullable: true });
/** Below every value, so that what has none comes first or last. */
const orLowest = (column: string): string => `COALESCE(execution.${column}, '-Infinity')`;

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
};

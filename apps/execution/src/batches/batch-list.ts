import type { ListDefinition } from '@dspy-nest/persistence';

/** What callers may do with the list of batches; the query calls them `batch`. */
export const BATCH_LIST: ListDefinition = {
  filterable: {
    id: { column: 'id', type: 'uuid' },
    name: { column: 'name', type: 'string', nullable: true },
    programId: { column: 'programId', type: 'uuid' },
    program: { column: 'program', type: 'string' },
    version: { column: 'version', type: 'number' },
    signature: { column: 'signature', type: 'string' },
    model: { column: 'model', type: 'string' },
    status: { column: 'status', type: 'string' },
    createdAt: { column: 'createdAt', type: 'timestamp' },
    startedAt: { column: 'startedAt', type: 'timestamp', nullable: true },
    finishedAt: { column: 'finishedAt', type: 'timestamp', nullable: true },
  },
  sortable: {
    createdAt: 'createdAt',
    finishedAt: `COALESCE(batch.finishedAt, '-Infinity')`,
    program: 'program',
    status: 'status',
  },
  defaultSort: '-createdAt',
  idColumn: 'id',
};

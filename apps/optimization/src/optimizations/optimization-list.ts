import type { ListDefinition } from '@dspy-nest/persistence';

/** What callers may do with the list of optimisations; the query calls them `optimization`. */
export const OPTIMIZATION_LIST: ListDefinition = {
  filterable: {
    id: { column: 'id', type: 'uuid' },
    name: { column: 'name', type: 'string', nullable: true },
    programId: { column: 'programId', type: 'uuid' },
    program: { column: 'program', type: 'string' },
    version: { column: 'version', type: 'number' },
    dataset: { column: 'dataset', type: 'string' },
    metric: { column: 'metric', type: 'string' },
    optimizer: { column: 'optimizer', type: 'string' },
    candidateVersion: { column: 'candidateVersion', type: 'number', nullable: true },
    status: { column: 'status', type: 'string' },
    createdAt: { column: 'createdAt', type: 'timestamp' },
    finishedAt: { column: 'finishedAt', type: 'timestamp', nullable: true },
  },
  sortable: { createdAt: 'createdAt', program: 'program', optimizer: 'optimizer', status: 'status' },
  defaultSort: '-createdAt',
  idColumn: 'id',
};

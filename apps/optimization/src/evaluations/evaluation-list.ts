import type { ListDefinition } from '@dspy-nest/persistence';

/** What callers may do with the list of evaluations; the query calls them `evaluation`. */
export const EVALUATION_LIST: ListDefinition = {
  filterable: {
    id: { column: 'id', type: 'uuid' },
    name: { column: 'name', type: 'string', nullable: true },
    programId: { column: 'programId', type: 'uuid' },
    program: { column: 'program', type: 'string' },
    version: { column: 'version', type: 'number' },
    metric: { column: 'metric', type: 'string' },
    dataset: { column: 'dataset', type: 'string', nullable: true },
    datasetVersion: { column: 'datasetVersion', type: 'number', nullable: true },
    split: { column: 'split', type: 'string', nullable: true },
    status: { column: 'status', type: 'string' },
    score: { column: 'score', type: 'number', nullable: true },
    createdAt: { column: 'createdAt', type: 'timestamp' },
    finishedAt: { column: 'finishedAt', type: 'timestamp', nullable: true },
  },
  sortable: { createdAt: 'createdAt', program: 'program', status: 'status' },
  defaultSort: '-createdAt',
  idColumn: 'id',
};

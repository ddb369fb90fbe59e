import type { BatchStatus } from '@dspy-nest/contracts';
import { AppError } from '@dspy-nest/platform';

/** Thrown when no batch of the tenant has the id. */
export class BatchNotFoundError extends AppError {
  readonly code = 'batch_not_found';

  constructor(id: string) {
    super(`There is no batch ${id}. List batches to see which there are.`);
  }
}

/** Thrown when a batch that is over, or is being cancelled, is asked to change. */
export class BatchFinishedError extends AppError {
  readonly code = 'batch_finished';

  constructor(id: string, status: BatchStatus) {
    super(`Batch ${id} is ${status}; only one that receives rows or runs can be changed.`);
  }
}

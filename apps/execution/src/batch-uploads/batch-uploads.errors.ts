import { AppError } from '@dspy-nest/platform';

/** Thrown when rows come again under a key and are others than the first time. */
export class BatchRowsDifferError extends AppError {
  readonly code = 'idempotency_key_reused';

  constructor(id: string, what: string) {
    super(
      `This Idempotency-Key stands for batch ${id}, and ${what}. Send the same rows again, or take a new key for other ones.`,
    );
  }
}

/** Thrown when a batch is said to have more rows than have come. */
export class BatchIncompleteError extends AppError {
  readonly code = 'batch_incomplete';

  constructor(id: string, came: number, said: number) {
    super(`Batch ${id} is said to have ${said} rows, and ${came} have come. Send all rows again under the same key.`);
  }
}

import { AppError } from '@dspy-nest/platform';

/** Thrown when no dead letter of the tenant has the id. */
export class DeadLetterNotFoundError extends AppError {
  readonly code = 'dead_letter_not_found';

  constructor(id: string) {
    super(`There is no dead letter ${id}. List dead letters to see which there are.`);
  }
}

/** Thrown when a dead letter is to be replayed whose job could not be read: nobody knows what it asked for. */
export class NothingToReplayError extends AppError {
  readonly code = 'unsupported_option';

  constructor(id: string) {
    super(
      `Dead letter ${id} cannot be replayed: its job could not be read, so its program and inputs are not known. ` +
        'Mend whatever wrote the job, and ask for the execution again.',
    );
  }
}

import { AppError } from '@dspy-nest/platform';

/** Thrown when what an execution asked its model was not recorded, or not so that it can be read again. */
export class NotReplayableError extends AppError {
  readonly code = 'not_replayable';

  constructor(id: string, why: string) {
    super(`Execution ${id} cannot be replayed: ${why}.`);
  }
}

import { AppError } from '@dspy-nest/platform';

/** Thrown when a name is taken; `pointer` says where in the request it stands. */
export class NameConflictError extends AppError {
  readonly code = 'name_conflict';

  constructor(message: string, pointer = '/name') {
    super(message, { details: { errors: [{ pointer, code: 'name_conflict', message }] } });
  }
}

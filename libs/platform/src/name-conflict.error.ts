import { AppError } from './errors';

/** Thrown when a name is taken, in REST or in the GraphQL schema; `pointer` says where in the request it stands. */
export class NameConflictError extends AppError {
  readonly code = 'name_conflict';

  constructor(message: string, pointer = '/name') {
    super(message, { details: { errors: [{ pointer, code: 'name_conflict', message }] } });
  }
}

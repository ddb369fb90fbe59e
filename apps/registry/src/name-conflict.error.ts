import { AppError } from '@dspy-nest/platform';

/** Thrown when a name is taken, in REST or in the GraphQL schema. */
export class NameConflictError extends AppError {
  readonly code = 'name_conflict';

  constructor(message: string) {
    super(message, { details: { errors: [{ pointer: '/name', code: 'name_conflict', message }] } });
  }
}

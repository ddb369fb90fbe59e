import type { ErrorItem, EvaluationStatus } from '@dspy-nest/contracts';
import { AppError } from '@dspy-nest/platform';

/** Thrown when the tenant has no evaluation of the id. */
export class EvaluationNotFoundError extends AppError {
  readonly code = 'evaluation_not_found';

  constructor(id: string) {
    super(`There is no evaluation "${id}". List the evaluations to see which there are.`);
  }
}

/** Thrown when an evaluation is to be cancelled that is over, or is being cancelled. */
export class EvaluationFinishedError extends AppError {
  readonly code = 'evaluation_finished';

  constructor(id: string, status: EvaluationStatus) {
    super(`Evaluation "${id}" is ${status} already; there is nothing left to cancel.`);
  }
}

/** Thrown when a metric cannot score the answers of a program, or examples lack what it compares with. */
export class NotEvaluableError extends AppError {
  readonly code = 'not_evaluable';

  constructor(errors: ErrorItem[]) {
    super(errors.map(({ message }) => message).join(' '), { details: { errors } });
  }
}

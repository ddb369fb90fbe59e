import { AppError } from '@dspy-nest/platform';

/** Thrown when no execution of the tenant has the id. */
export class ExecutionNotFoundError extends AppError {
  readonly code = 'execution_not_found';

  constructor(id: string) {
    super(`There is no execution ${id}. List executions to see which there are.`);
  }
}

/** Thrown when an execution that has ended is asked to end in another way. */
export class ExecutionFinishedError extends AppError {
  readonly code = 'execution_finished';

  constructor(id: string, status: string) {
    super(`Execution ${id} has already ended as ${status}; only a queued or running one can be cancelled.`);
  }
}

/** Thrown to a caller who hung up before the execution was dispatched; nothing of it is kept. */
export class CallerHungUpError extends AppError {
  readonly code = 'cancelled';

  constructor(id: string) {
    super(`Execution ${id} was cancelled before it began: its caller hung up.`);
  }
}

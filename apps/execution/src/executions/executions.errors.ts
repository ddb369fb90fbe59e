import { NO_WORKER_PATIENCE_MS } from '@dspy-nest/contracts';
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

/** Thrown when a synchronous call found no live worker in time; nothing of it is kept. */
export class NoWorkerError extends AppError {
  readonly code = 'no_worker';

  constructor(pool: string) {
    super(
      `No worker of pool "${pool}" is alive; one was waited for ${NO_WORKER_PATIENCE_MS / 1000} s. ` +
        'Start a worker, or send "Prefer: respond-async" to have the execution wait for one.',
      { details: { retryAfterS: 5 } },
    );
  }
}

import { type ErrorDetails, NO_WORKER_PATIENCE_MS } from '@dspy-nest/contracts';
import { AppError } from '@dspy-nest/platform';

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

/** Thrown when an execution would wait longer, or with more others, than makes sense; nothing of it is kept. */
export class OverloadedError extends AppError {
  readonly code = 'overloaded';

  constructor(message: string, details: ErrorDetails) {
    super(message, { details });
  }
}

/** Thrown when as many executions of a program are open as it allows; nothing of this one is kept. */
export class ProgramBusyError extends AppError {
  readonly code = 'too_many_requests';

  constructor(program: string, limit: number) {
    super(
      `Program "${program}" allows ${limit} open executions (config.maxConcurrency), and as many are open. ` +
        'Try again when one has ended, or raise the limit.',
      { details: { retryAfterS: 1, program, limit } },
    );
  }
}

import type { ErrorItem, OptimizationStatus } from '@dspy-nest/contracts';
import { AppError } from '@dspy-nest/platform';

/** Thrown when the tenant has no optimisation of the id. */
export class OptimizationNotFoundError extends AppError {
  readonly code = 'optimization_not_found';

  constructor(id: string) {
    super(`There is no optimisation "${id}". List the optimisations to see which there are.`);
  }
}

/** Thrown when an optimisation is to be ended, or run, that is over or is being stopped. */
export class OptimizationFinishedError extends AppError {
  readonly code = 'optimization_finished';

  constructor(id: string, status: OptimizationStatus) {
    super(`Optimisation "${id}" is ${status} already; there is nothing left to end.`);
  }
}

/** Thrown when a program cannot be optimised on a dataset, or by a metric. */
export class NotOptimizableError extends AppError {
  readonly code = 'not_optimizable';

  constructor(errors: ErrorItem[]) {
    super(errors.map(({ message }) => message).join(' '), { details: { errors } });
  }
}

import type { OptimizationStatus } from '@dspy-nest/contracts';
import { AppError } from '@dspy-nest/platform';

/** Thrown when an optimisation has nothing to publish. */
export class NoCandidateError extends AppError {
  readonly code = 'no_candidate';

  constructor(id: string, status: OptimizationStatus) {
    super(
      status === 'completed'
        ? `Optimisation "${id}" found nothing better than the program as it was; there is nothing to publish.`
        : `Optimisation "${id}" is ${status}; only what one that is completed found can be published.`,
    );
  }
}

/** Thrown when a candidate is to be published that is not shown to be better. */
export class CandidateUnprovenError extends AppError {
  readonly code = 'candidate_unproven';

  constructor(id: string, conclusion: string | null) {
    super(
      `${conclusion ?? `The candidate of optimisation "${id}" was not judged.`} Collect more test examples and optimise again, or ` +
        'publish it all the same with "override": {"reason": "…"}, which is recorded.',
    );
  }
}

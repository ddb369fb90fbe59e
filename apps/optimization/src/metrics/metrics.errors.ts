import { AppError } from '@dspy-nest/platform';
import type { MetricFault } from '@dspy-nest/metrics';

/** Thrown when the tenant has no metric of the name, or not that version of it. */
export class MetricNotFoundError extends AppError {
  readonly code = 'metric_not_found';

  constructor(name: string, version?: number) {
    super(
      version === undefined
        ? `There is no metric "${name}". Create it first, or list the metrics to see which there are.`
        : `Metric "${name}" has no version ${version}. List its versions to see which there are.`,
    );
  }
}

/** Thrown when a definition is no metric; `details.errors` gives each place. */
export class InvalidMetricError extends AppError {
  readonly code = 'invalid_metric';

  constructor(faults: readonly MetricFault[]) {
    const errors = faults.map(({ pointer, message }) => ({
      pointer: `/definition${pointer}`,
      code: 'invalid_metric',
      message,
    }));
    super(faults.map(({ message }) => message).join(' '), { details: { errors } });
  }
}

import { checkMetric, type MetricDefinition } from '@dspy-nest/metrics';
import { NotEvaluableError } from './evaluations.errors';

/** The metric with its fields named by the outputs of the program. Throws NotEvaluableError. */
export function metricFor(definition: object, outputs: readonly string[]): MetricDefinition {
  const check = checkMetric(definition, outputs);
  if (check.ok) return check.metric;
  const errors = check.faults.map(({ message }) => ({ pointer: '/metric', code: 'not_evaluable', message }));
  throw new NotEvaluableError(errors);
}

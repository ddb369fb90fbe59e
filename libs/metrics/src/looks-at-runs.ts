import { COMPOSITE, partsOf } from './composite';
import { findKind } from './kinds';
import type { MetricDefinition } from './metric-kind';

/** Whether a metric that `checkMetric` found sound, or a part of it, needs more than an answer: what it took, or what a judge says of it. */
export function looksAtRuns(metric: MetricDefinition): boolean {
  if (metric.kind === COMPOSITE) return partsOf(metric).some((part) => looksAtRuns(part.metric));
  return 'scoreRun' in (findKind(metric.kind) ?? {});
}

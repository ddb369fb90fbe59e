import { COMPOSITE, partsOf } from './composite';
import { findKind } from './kinds';
import type { MetricDefinition } from './metric-kind';

/** Whether a metric that `checkMetric` found sound, or a part of it, looks at what an answer took instead of what it says. */
export function looksAtRuns(metric: MetricDefinition): boolean {
  if (metric.kind === COMPOSITE) return partsOf(metric).some((part) => looksAtRuns(part.metric));
  return 'scoreRun' in (findKind(metric.kind) ?? {});
}

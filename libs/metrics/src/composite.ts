import type { MetricDefinition } from './metric-kind';

/** One part of a composite and how much it counts. */
export interface MetricPart {
  readonly weight: number;
  readonly metric: MetricDefinition;
}

/** The kind whose score is the weighted mean of its parts. */
export const COMPOSITE = 'composite';

/** The parts of a composite that was checked. */
export function partsOf(metric: MetricDefinition): readonly MetricPart[] {
  return metric['parts'] as MetricPart[];
}

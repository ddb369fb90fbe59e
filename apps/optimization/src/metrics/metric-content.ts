import { checkStorable } from '@dspy-nest/platform';
import type { MetricCreateV1, MetricUpdateV1 } from '@dspy-nest/contracts';
import { checkMetric } from '@dspy-nest/metrics';
import { canonicalJson } from '@dspy-nest/signature';
import { InvalidMetricError } from './metrics.errors';

/** All that a version of a metric says. */
export interface MetricContent {
  kind: string;
  definition: object;
  description: string | null;
}

type Definition = MetricCreateV1['definition'];
type Given = Pick<MetricUpdateV1, 'definition' | 'description'>;

/** Reads a new metric. Throws InvalidMetricError, ValidationFailedError. */
export function newMetricContent(given: Given & { definition: Definition }): MetricContent {
  return { ...readDefinition(given.definition), description: readDescription(given.description ?? null) };
}

/** What a request makes of the content so far; an empty description takes it away. Throws as newMetricContent. */
export function changedMetricContent(given: Given, current: MetricContent): MetricContent {
  const { kind, definition } = given.definition === undefined ? current : readDefinition(given.definition);
  return { kind, definition, description: readDescription(given.description ?? current.description) };
}

/** Whether two contents say the same, so that no new version is due. */
export function sameMetricContent(one: MetricContent, other: MetricContent): boolean {
  return one.description === other.description && canonicalJson(one.definition) === canonicalJson(other.definition);
}

function readDefinition(definition: Definition): Pick<MetricContent, 'kind' | 'definition'> {
  checkStorable({ definition });
  const check = checkMetric(definition);
  if (!check.ok) throw new InvalidMetricError(check.faults);
  return { kind: check.metric.kind, definition: { ...check.metric } };
}

function readDescription(description: string | null): string | null {
  checkStorable({ description });
  return description === '' ? null : description;
}

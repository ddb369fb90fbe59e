import { z } from 'zod';
import { IfMatch } from './precondition';
import { MetricName, OpenObject, Timestamp, Uuid, Version } from './primitives';

const MetricDefinition = OpenObject.meta({
  description: 'A kind with its settings, such as `{"kind": "exact", "field": "answer"}`.',
});

/** Creates a metric. */
export const MetricCreateV1 = z
  .strictObject({ name: MetricName, definition: MetricDefinition, description: z.string().max(2_000).optional() })
  .meta({ id: 'MetricCreateV1' });
export type MetricCreateV1 = z.infer<typeof MetricCreateV1>;

/** Changes a metric: what is given makes a new version. */
export const MetricUpdateV1 = MetricCreateV1.partial()
  .extend({ name: MetricName, ifMatch: IfMatch.optional() })
  .meta({ id: 'MetricUpdateV1' });
export type MetricUpdateV1 = z.infer<typeof MetricUpdateV1>;

/** Names one metric, in one version or the newest. */
export const MetricRefV1 = z
  .strictObject({ name: MetricName, version: Version.optional() })
  .meta({ id: 'MetricRefV1' });
export type MetricRefV1 = z.infer<typeof MetricRefV1>;

/** A metric in one version. */
export const MetricV1 = z
  .strictObject({
    id: Uuid,
    name: MetricName,
    version: Version,
    kind: z.string(),
    definition: MetricDefinition,
    description: z.string().nullable(),
    createdAt: Timestamp,
  })
  .meta({ id: 'MetricV1' });
export type MetricV1 = z.infer<typeof MetricV1>;

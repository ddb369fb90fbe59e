import { z } from 'zod';
import { Tenant, Timestamp } from './primitives';

/** The envelope of everything in JetStream: CloudEvents 1.0 in JSON. */
export const CloudEvent = z
  .strictObject({
    specversion: z.literal('1.0'),
    id: z.string().min(1),
    source: z.string().min(1),
    type: z.string().min(1),
    subject: z.string().optional(),
    time: Timestamp,
    datacontenttype: z.literal('application/json'),
    tenant: Tenant,
    traceparent: z.string().optional(),
    data: z.unknown(),
  })
  .meta({ id: 'CloudEvent' });
export type CloudEvent<T = unknown> = Omit<z.infer<typeof CloudEvent>, 'data'> & { data: T };

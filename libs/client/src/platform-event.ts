import type { ServerEvent } from './server-events';

/** What happened on the platform, as a CloudEvent. */
export interface CloudEvent {
  specversion: '1.0';
  id: string;
  source: string;
  /** Such as `execution.execution.succeeded.v1`. */
  type: string;
  /** The id of what it happened to. */
  subject?: string;
  time: string;
  datacontenttype: 'application/json';
  tenant: string;
  traceparent?: string;
  data: unknown;
}

/** An event of the platform and its number; `reset` says that events before it are gone. */
export type PlatformEvent =
  | { sequence: number; event: CloudEvent; reset?: never }
  | { sequence: number; event?: never; reset: { code: string; message: string } };

type Wanted = { eq: string } | { in: readonly string[] };

/** Which events are wanted: `{ program: { eq: 'qa' }, status: { in: ['failed', 'timed_out'] } }`. */
export type EventFilter = Partial<Record<'type' | 'subject' | 'program' | 'status', Wanted>>;

/** An event as it comes. */
export function toPlatformEvent({ id, type, data }: ServerEvent): PlatformEvent {
  if (type === 'reset') return { sequence: id, reset: data as { code: string; message: string } };
  return { sequence: id, event: data as CloudEvent };
}

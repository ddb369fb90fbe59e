import type { CloudEvent } from '@dspy-nest/contracts';
import type { EventsLost, StoredEvent } from '@dspy-nest/messaging';

const LOST =
  'Events after the number you named are not stored any more (they are kept for 7 days, as far as there is room), or the ' +
  'numbers began anew. Read what you need to know by /v1/executions; events go on from here.';

/** What an event of type `reset` says. */
export interface Reset {
  readonly code: 'events_expired';
  readonly message: string;
}

/** An event of the feed; `reset` says that events before it are gone. */
export type FeedEvent =
  | { readonly sequence: number; readonly type: string; readonly event: CloudEvent }
  | { readonly sequence: number; readonly type: 'reset'; readonly reset: Reset };

/** What is read of the stream as callers see it. */
export function toFeedEvent(item: StoredEvent | EventsLost): FeedEvent {
  const { sequence } = item;
  if ('lost' in item) return { sequence, type: 'reset', reset: { code: 'events_expired', message: LOST } };
  return { sequence, type: item.event.type, event: item.event };
}

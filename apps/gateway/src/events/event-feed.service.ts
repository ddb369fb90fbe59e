import { Injectable } from '@nestjs/common';
import { EventLog, EventReader, type StoredEvent } from '@dspy-nest/messaging';
import type { RequestContext } from '@dspy-nest/platform';
import { mapEvents } from '../streams/event-stream';
import { type EventFilter, passes } from './event-filter';
import { type FeedEvent, toFeedEvent } from './feed-event';

/** Events from a number on. */
export interface OpenFeed {
  readonly position: number;
  readonly events: AsyncIterableIterator<FeedEvent>;
}

/** The public events of a tenant, in the order they were stored. */
@Injectable()
export class EventFeed {
  constructor(private readonly log: EventLog) {}

  /** The events after a number, or from now on. Throws ServiceUnavailableError. */
  async open(
    { tenant }: RequestContext,
    after: number | undefined,
    filter: EventFilter,
    onTooSlow: () => void,
  ): Promise<OpenFeed> {
    const options = { wants: ({ event }: StoredEvent) => passes(filter, event), onTooSlow };
    const reader = await EventReader.open(this.log, tenant, after, options);
    return { position: reader.position, events: mapEvents(reader, toFeedEvent) };
  }
}

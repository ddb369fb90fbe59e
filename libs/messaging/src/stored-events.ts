import { STREAMS, tenantEvents } from '@dspy-nest/contracts';
import { ServiceUnavailableError } from '@dspy-nest/platform';
import type { StreamState } from '@nats-io/jetstream';
import type { Nats } from './nats';
import { isEndOf, readBatch } from './read-batch';
import { type StoredEvent, toStoredEvent } from './stored-event';

/** Events of a tenant as they are stored. */
export interface EventPage {
  readonly events: StoredEvent[];
  /** The first number that is still stored. */
  readonly oldest: number;
  /** Whether there were no more when they were read. */
  readonly isEnd: boolean;
}

/** The numbers that are stored now. */
export async function stateOf(nats: Nats): Promise<StreamState> {
  return (await nats.manager.streams.info(STREAMS.events)).state;
}

/** The first events of a tenant after a number, read without making a consumer. Throws ServiceUnavailableError. */
export async function readPage(nats: Nats, tenant: string, after: number): Promise<EventPage> {
  try {
    const read = await readBatch(nats, STREAMS.events, tenantEvents(tenant), after + 1);
    // Asked for after reading, so that what was removed meanwhile counts as lost.
    const { first_seq: oldest } = await stateOf(nats);
    const events = read.flatMap(({ seq, subject, data }) => toStoredEvent(seq, subject, data) ?? []);
    return { events, oldest, isEnd: isEndOf(read) };
  } catch (cause) {
    throw new ServiceUnavailableError('The stored events cannot be read; try again in a moment.', { cause });
  }
}

/** Whether the very event is stored under its number. */
export async function isStored(nats: Nats, { sequence, event }: StoredEvent): Promise<boolean> {
  const found = await nats.manager.direct.getMessage(STREAMS.events, { seq: sequence });
  return found !== null && toStoredEvent(found.seq, found.subject, found.data)?.event.id === event.id;
}

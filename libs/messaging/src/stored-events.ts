import { STREAMS, tenantEvents } from '@dspy-nest/contracts';
import { ServiceUnavailableError } from '@dspy-nest/platform';
import type { BatchCallback, StoredMsg, StreamState } from '@nats-io/jetstream';
import type { Nats } from './nats';
import { type StoredEvent, toStoredEvent } from './stored-event';

const PAGE_EVENTS = 256;
const PAGE_MAX_BYTES = 1_048_576;
const PAGE_IDLE_MS = 5_000;

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
    const read = await readBatch(nats, tenant, after + 1);
    // Asked for after reading, so that what was removed meanwhile counts as lost.
    const { first_seq: oldest } = await stateOf(nats);
    const events = read.flatMap(({ seq, subject, data }) => toStoredEvent(seq, subject, data) ?? []);
    return { events, oldest, isEnd: (read.at(-1)?.pending ?? 0) === 0 };
  } catch (cause) {
    throw new ServiceUnavailableError('The stored events cannot be read; try again in a moment.', { cause });
  }
}

/** Whether the very event is stored under its number. */
export async function isStored(nats: Nats, { sequence, event }: StoredEvent): Promise<boolean> {
  const found = await nats.manager.direct.getMessage(STREAMS.events, { seq: sequence });
  return found !== null && toStoredEvent(found.seq, found.subject, found.data)?.event.id === event.id;
}

// By a callback: the client keeps the subscription of what it gives as an iterator.
function readBatch(nats: Nats, tenant: string, from: number): Promise<StoredMsg[]> {
  return new Promise((resolve, reject) => {
    const read: StoredMsg[] = [];
    const timer = setTimeout(() => reject(new Error('The rest of a page did not come.')), PAGE_IDLE_MS);
    const end = (error: Error | undefined): void => {
      clearTimeout(timer);
      if (error === undefined) resolve(read);
      else reject(error);
    };
    const callback: BatchCallback<StoredMsg> = (done, message) => {
      if (done !== null) return end(done.err);
      timer.refresh();
      read.push(message);
    };
    const page = { batch: PAGE_EVENTS, max_bytes: PAGE_MAX_BYTES, next_by_subj: tenantEvents(tenant) };
    nats.manager.direct.getBatch(STREAMS.events, { seq: from, ...page, callback }).catch(end);
  });
}

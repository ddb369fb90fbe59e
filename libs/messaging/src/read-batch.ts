import type { STREAMS } from '@dspy-nest/contracts';
import type { BatchCallback, StoredMsg } from '@nats-io/jetstream';
import type { Nats } from './nats';

const BATCH_MESSAGES = 256;
const BATCH_MAX_BYTES = 1_048_576;
const BATCH_IDLE_MS = 5_000;
const NOTHING_FOUND = 404;

/** The first messages of a stream from a number on, under a subject or filter, read without making a consumer. */
export function readBatch(
  nats: Nats,
  stream: (typeof STREAMS)[keyof typeof STREAMS],
  subject: string,
  from: number,
): Promise<StoredMsg[]> {
  // By a callback: the client keeps the subscription of what it gives as an iterator.
  return new Promise((resolve, reject) => {
    const read: StoredMsg[] = [];
    const timer = setTimeout(() => reject(new Error('The rest of a page did not come.')), BATCH_IDLE_MS);
    const end = (error: Error | undefined): void => {
      clearTimeout(timer);
      if (error === undefined || isNothingFound(error)) resolve(read);
      else reject(error);
    };
    const callback: BatchCallback<StoredMsg> = (done, message) => {
      if (done !== null) return end(done.err);
      timer.refresh();
      read.push(message);
    };
    const page = { batch: BATCH_MESSAGES, max_bytes: BATCH_MAX_BYTES, next_by_subj: subject };
    nats.manager.direct.getBatch(stream, { seq: from, ...page, callback }).catch(end);
  });
}

// The client does not export the class of this error.
const isNothingFound = (error: Error): boolean => 'code' in error && error.code === NOTHING_FOUND;

/** Whether there were no more behind these when they were read. */
export const isEndOf = (read: readonly StoredMsg[]): boolean => (read.at(-1)?.pending ?? 0) === 0;

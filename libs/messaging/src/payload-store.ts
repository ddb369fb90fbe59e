import { createHash, randomUUID } from 'node:crypto';
import {
  PAYLOAD_CHUNK_BYTES,
  PAYLOAD_INLINE_MAX_BYTES,
  PAYLOAD_MAX_BYTES,
  payloadChunk,
  payloadChunks,
  STREAMS,
} from '@dspy-nest/contracts';
import { ServiceUnavailableError } from '@dspy-nest/platform';
import { type ApiError, JetStreamApiError } from '@nats-io/jetstream';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import type { Inbox } from './inbox';
import { MessageTooLargeError } from './messaging.errors';

/** Chunks under way at a time: more would fill the buffers of both sides before the server can say that it is full. */
const WINDOW = 4;
const CHUNK_TIMEOUT_MS = 5_000;
const DIRECT_GET = `$JS.API.DIRECT.GET.${STREAMS.payloads}`;
const PURGE = `$JS.API.STREAM.PURGE.${STREAMS.payloads}`;
/** No character takes more bytes. */
const CHARACTER_MAX_BYTES = 3;
const REF = /^([A-Za-z0-9-]{1,64})\.([0-9a-f]{64})\.([1-9][0-9]{0,8})$/;

/** Whether a text is too large to travel in a message. */
export function isTooLargeForMessage(text: string): boolean {
  return (
    text.length > PAYLOAD_INLINE_MAX_BYTES / CHARACTER_MAX_BYTES && Buffer.byteLength(text) > PAYLOAD_INLINE_MAX_BYTES
  );
}

/** What is too large for a message: left here in chunks by who sends it, claimed by who gets the reference to it. */
export class PayloadStore {
  constructor(
    private readonly connection: NatsConnection,
    private readonly inbox: Inbox,
  ) {}

  /** Leaves a text; resolves to the reference to it. Throws MessageTooLargeError, or ServiceUnavailableError when the store is full or not there. */
  async leave(text: string): Promise<string> {
    const bytes = Buffer.from(text);
    if (bytes.length > PAYLOAD_MAX_BYTES) throw tooLarge(bytes.length);
    const id = randomUUID();
    const digest = createHash('sha256').update(bytes).digest('hex');
    const ref = `${id}.${digest}.${bytes.length}`;
    const publish = async (chunk: number): Promise<void> => {
      const data = bytes.subarray(chunk * PAYLOAD_CHUNK_BYTES, (chunk + 1) * PAYLOAD_CHUNK_BYTES);
      const { error } = (await this.ask(payloadChunk(id, digest, String(chunk)), data)).json<{ error?: ApiError }>();
      if (error !== undefined) throw new JetStreamApiError(error);
    };
    try {
      await inWindows(chunksOf(bytes.length), publish);
    } catch (cause) {
      this.remove(ref);
      throw new ServiceUnavailableError('The store of large messages is full or not there; try again later.', {
        cause,
      });
    }
    return ref;
  }

  /** The text behind a reference. Throws ServiceUnavailableError when it is not there any more, or not as it was left. */
  async claim(ref: string): Promise<string> {
    const [, id, digest, length] = REF.exec(ref) ?? [];
    if (id === undefined || digest === undefined || Number(length) > PAYLOAD_MAX_BYTES) throw gone(ref);
    const read = async (chunk: number): Promise<Uint8Array> => {
      const found = await this.ask(`${DIRECT_GET}.${payloadChunk(id, digest, String(chunk))}`, '').catch(
        (cause: unknown) => {
          throw new ServiceUnavailableError('The store of large messages does not answer; try again later.', { cause });
        },
      );
      if (found.headers?.hasError !== false) throw gone(ref);
      return found.data;
    };
    const bytes = Buffer.concat(await inWindows(chunksOf(Number(length)), read));
    if (createHash('sha256').update(bytes).digest('hex') !== digest) throw gone(ref);
    return bytes.toString();
  }

  /** Removes what a reference names, without waiting for it. What this misses is gone after ten minutes. */
  remove(ref: string): void {
    const [, id] = REF.exec(ref) ?? [];
    if (id === undefined || this.connection.isClosed()) return;
    this.connection.publish(PURGE, JSON.stringify({ filter: payloadChunks(id) }));
  }

  private ask(subject: string, body: string | Uint8Array): Promise<Msg> {
    return this.inbox.ask(subject, body, { timeoutMs: CHUNK_TIMEOUT_MS });
  }
}

const chunksOf = (bytes: number): number => Math.ceil(bytes / PAYLOAD_CHUNK_BYTES);

/** Does something for 0, 1, … `count` - 1, a few at a time; resolves to what each gave. */
async function inWindows<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let first = 0; first < count; first += WINDOW) {
    const indices = Array.from({ length: Math.min(WINDOW, count - first) }, (_, offset) => first + offset);
    results.push(...(await Promise.all(indices.map(work))));
  }
  return results;
}

function tooLarge(bytes: number): MessageTooLargeError {
  return new MessageTooLargeError(
    `A message of ${bytes} bytes is more than the ${PAYLOAD_MAX_BYTES} there may be; send less at once.`,
  );
}

function gone(ref: string): ServiceUnavailableError {
  return new ServiceUnavailableError(
    `A large message (${ref.slice(0, 200)}) is not in the store any more; send it again.`,
  );
}

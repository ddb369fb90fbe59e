import { createHash, randomUUID } from 'node:crypto';
import {
  PAYLOAD_CHUNK_BYTES,
  PAYLOAD_INLINE_MAX_BYTES,
  payloadChunk,
  payloadChunks,
  STREAMS,
} from '@dspy-nest/contracts';
import { jetstream } from '@nats-io/jetstream';
import { headers, type Msg, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';

/** The header that says where the body of an empty message was left. */
export const PAYLOAD_HEADER = 'dspy-payload';

/** The body of a message; one that lies in the payload store is taken out of it. */
export async function bodyOf<T>(connection: NatsConnection, message: Msg): Promise<T> {
  const ref = message.headers?.get(PAYLOAD_HEADER);
  if (!ref) return message.json<T>();
  const text = await claimPayload(connection, ref);
  takeBack(connection, message.headers);
  return JSON.parse(text) as T;
}

/** Removes from the payload store what a message with these headers left there. */
export function takeBack(connection: NatsConnection, hdrs: MsgHdrs | undefined): void {
  const [id] = hdrs?.get(PAYLOAD_HEADER).split('.') ?? [];
  if (!id) return;
  connection.publish(`$JS.API.STREAM.PURGE.${STREAMS.payloads}`, JSON.stringify({ filter: payloadChunks(id) }));
}

/** What to send for a body: itself, or nothing and a header that says where it was left. */
export async function messageOf(
  connection: NatsConnection,
  body: string,
  hdrs: MsgHdrs = headers(),
): Promise<{ body: string; headers: MsgHdrs }> {
  if (Buffer.byteLength(body) <= PAYLOAD_INLINE_MAX_BYTES) return { body, headers: hdrs };
  hdrs.set(PAYLOAD_HEADER, await leavePayload(connection, body));
  return { body: '', headers: hdrs };
}

async function leavePayload(connection: NatsConnection, text: string): Promise<string> {
  const bytes = Buffer.from(text);
  const id = randomUUID();
  const digest = createHash('sha256').update(bytes).digest('hex');
  for (let chunk = 0; chunk * PAYLOAD_CHUNK_BYTES < bytes.length; chunk += 1) {
    const data = bytes.subarray(chunk * PAYLOAD_CHUNK_BYTES, (chunk + 1) * PAYLOAD_CHUNK_BYTES);
    await jetstream(connection).publish(payloadChunk(id, digest, String(chunk)), data);
  }
  return `${id}.${digest}.${bytes.length}`;
}

async function claimPayload(connection: NatsConnection, ref: string): Promise<string> {
  const [id = '', digest = '', length] = ref.split('.');
  const chunks: Uint8Array[] = [];
  for (let chunk = 0; chunk * PAYLOAD_CHUNK_BYTES < Number(length); chunk += 1) {
    const subject = payloadChunk(id, digest, String(chunk));
    chunks.push((await connection.request(`$JS.API.DIRECT.GET.${STREAMS.payloads}.${subject}`)).data);
  }
  return Buffer.concat(chunks).toString();
}

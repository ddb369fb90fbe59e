import { JetStreamApiError, type ApiError } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import type { Nats } from './nats';
import { outlast } from './outlast';

const PATIENCE_MS = 5_000;
const MESSAGE_ID = 'Nats-Msg-Id';
const CONTENT_TYPE = 'Content-Type';
const CLOUD_EVENT = 'application/cloudevents+json';

/** Stores the JSON of a CloudEvent in its stream, also over a short outage: the same `messageId` once. Rejects as JetStream does. */
export async function storeOnce(nats: Nats, subject: string, messageId: string, body: string): Promise<void> {
  const hdrs = headers();
  hdrs.set(MESSAGE_ID, messageId);
  hdrs.set(CONTENT_TYPE, CLOUD_EVENT);
  const answer = await outlast(nats, { patienceMs: PATIENCE_MS, repeatable: true }, (timeoutMs) =>
    nats.inbox.ask(subject, body, { timeoutMs, headers: hdrs }),
  );
  const { error } = answer.json<{ error?: ApiError }>();
  if (error !== undefined) throw new JetStreamApiError(error);
}

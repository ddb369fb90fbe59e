import type { CloudEvent } from '@dspy-nest/contracts';
import type { Nats } from './nats';
import { outlast } from './outlast';

const PATIENCE_MS = 5_000;

/** Stores a message in its stream, also over a short outage: the stream takes the same `messageId` once. Rejects as JetStream does. */
export async function storeOnce(nats: Nats, subject: string, messageId: string, event: CloudEvent): Promise<void> {
  const body = JSON.stringify(event);
  await outlast(nats, PATIENCE_MS, (timeout) => nats.jetstream.publish(subject, body, { msgID: messageId, timeout }));
}

import type { CloudEvent } from '@dspy-nest/contracts';
import type { Nats } from './nats';
import { outlast } from './outlast';

const PATIENCE_MS = 5_000;

/** Stores a message in its stream, also over a short outage: the stream takes the same `messageId` once. Rejects as JetStream does. */
export async function storeOnce(nats: Nats, subject: string, messageId: string, event: CloudEvent): Promise<void> {
  const body = JSON.stringify(event);
  const publish = (timeout: number) => nats.jetstream.publish(subject, body, { msgID: messageId, timeout });
  await outlast(nats, { patienceMs: PATIENCE_MS, repeatable: true }, publish);
}

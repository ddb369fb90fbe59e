import { Logger } from '@nestjs/common';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';

const logger = new Logger('Subscription');

/** Hands every JSON message of a core subscription on; a bad message or a failing handler is logged and does not end it. */
export function subscribeJson<T>(
  connection: NatsConnection,
  filter: string,
  handler: (message: T, subject: string) => void | Promise<void>,
): Subscription {
  return connection.subscribe(filter, {
    callback: (error, raw) => {
      if (error) {
        logger.error(new Error(`The subscription to ${filter} ended.`, { cause: error }));
        return;
      }
      const handle = async (): Promise<void> => handler(JSON.parse(raw.string()) as T, raw.subject);
      handle().catch((cause: unknown) =>
        logger.error(new Error(`A message on ${raw.subject} could not be handled.`, { cause })),
      );
    },
  });
}

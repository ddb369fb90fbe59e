import { Injectable } from '@nestjs/common';
import type { CloudEvent } from '@dspy-nest/contracts';
import { ServiceUnavailableError } from '@dspy-nest/platform';
import type { Subscription } from '@nats-io/transport-node';
import { Nats } from './nats';
import { storeOnce } from './store-once';
import { subscribeJson } from './subscription';

/** Public events: stored by JetStream, seen at once by every replica that subscribes. */
@Injectable()
export class EventBus {
  constructor(private readonly nats: Nats) {}

  /** Stores an event; resolves when it is on disk. The same event id within two minutes is stored once. Throws ServiceUnavailableError. */
  async publish(subject: string, event: CloudEvent): Promise<void> {
    try {
      await storeOnce(this.nats, subject, event.id, JSON.stringify(event));
    } catch (cause) {
      throw new ServiceUnavailableError(`The event ${event.type} could not be stored on ${subject}.`, { cause });
    }
  }

  /** Calls the handler for each event published from now on, in every replica; what happens while disconnected is missed. */
  subscribe(filter: string, handler: (event: CloudEvent, subject: string) => void | Promise<void>): Subscription {
    return subscribeJson(this.nats.connection, filter, handler);
  }
}

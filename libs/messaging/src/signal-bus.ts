import { Injectable } from '@nestjs/common';
import type { Subscription } from '@nats-io/transport-node';
import { Nats } from './nats';
import { subscribeJson } from './subscription';

/** Messages that are neither stored nor answered, to every subscriber. */
@Injectable()
export class SignalBus {
  constructor(private readonly nats: Nats) {}

  /** Sends a message to whoever listens now. */
  publish(subject: string, message: unknown): void {
    this.nats.connection.publish(subject, JSON.stringify(message));
  }

  /** Calls the handler for each message from now on. */
  subscribe<T>(subject: string, handler: (message: T) => void): Subscription {
    return subscribeJson<T>(this.nats.connection, subject, handler);
  }
}

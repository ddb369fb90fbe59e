import { setImmediate as nextTurn } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';

/** The part of the client that hands what was published to the socket. */
interface Flushing {
  flushPending(): void;
}

/**
 * Has a connection write once a turn of the event loop instead of once a microtask. When a batch of outcomes is committed, all
 * their answers leave in one write; each write is a system call here and a wake-up of the server.
 */
export function batchWrites(connection: NatsConnection): void {
  const { protocol } = connection as unknown as { protocol: Flushing };
  const flush = protocol.flushPending.bind(protocol);
  let isDue = false;
  protocol.flushPending = () => {
    if (isDue) return;
    isDue = true;
    setImmediate(() => {
      isDue = false;
      flush();
    });
  };
}

/** Resolves when what was published before has been handed to the socket; who closes a connection without draining it waits for this. */
export async function untilWritten(): Promise<void> {
  await nextTurn();
}

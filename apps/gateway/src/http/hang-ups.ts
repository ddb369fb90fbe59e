import type { Socket } from 'node:net';

type Callback = () => void;

/**
 * Tells when a client goes away before its answer. Only the connection knows: `close` of a request comes when its body was
 * read, that of an answer not while it waits behind another one of the same connection.
 */
export class HangUps {
  // One listener a connection: it may be kept open for thousands of requests, or carry many at once.
  readonly #watched = new WeakMap<Socket, Set<Callback>>();

  /** Calls back once when the connection closes, or has closed, before the returned function ends the watch. */
  watch(socket: Socket, onHangUp: Callback): Callback {
    const callbacks = this.#watched.get(socket) ?? this.begin(socket);
    callbacks.add(onHangUp);
    if (socket.closed) tell(callbacks);
    return () => callbacks.delete(onHangUp);
  }

  private begin(socket: Socket): Set<Callback> {
    const callbacks = new Set<Callback>();
    this.#watched.set(socket, callbacks);
    socket.once('close', () => tell(callbacks));
    return callbacks;
  }
}

function tell(callbacks: Set<Callback>): void {
  const waiting = [...callbacks];
  callbacks.clear();
  for (const callback of waiting) callback();
}

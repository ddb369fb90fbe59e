import { CloseCode, type Server } from 'graphql-ws';
import type { WebSocket } from 'ws';

const PING_EVERY_MS = 12_000;
/** How long a client has to read what was sent before and to answer that its connection is closed. */
const CLOSE_WITHIN_MS = 10_000;

/** How a socket behaves beyond the protocol. */
export interface SocketOptions {
  /** Called with each message; one for which it gives false is not answered. */
  readonly takes: () => boolean;
  readonly onClose: () => void;
}

/** Closes a socket; a client that does not answer that in time is cut off. */
export function closeSocket(socket: WebSocket, code: number, reason: string, withinMs = CLOSE_WITHIN_MS): void {
  socket.close(code, reason);
  setTimeout(() => socket.terminate(), withinMs).unref();
}

/** Speaks the protocol of `server` on a socket until it closes. */
export function serveSocket<Extra>(
  server: Server<Extra>,
  socket: WebSocket,
  extra: Extra,
  { takes, onClose }: SocketOptions,
): void {
  const fail = (): void => closeSocket(socket, CloseCode.InternalServerError, 'Internal server error');
  const closed = server.opened(
    {
      protocol: socket.protocol,
      send: (text) => send(socket, text),
      close: (code = CloseCode.InternalServerError, reason = '') => closeSocket(socket, code, reason),
      onMessage: (handle) =>
        socket.on('message', (data: Buffer) => (takes() ? void handle(data.toString()).catch(fail) : undefined)),
    },
    extra,
  );
  const stopPinging = ping(socket);
  // What is no frame, or too large a one, `ws` itself answers with the right code.
  socket.on('error', () => undefined);
  socket.once('close', (code, reason) => {
    stopPinging();
    onClose();
    closed(code, reason.toString()).catch(() => undefined);
  });
}

// Resolves when the text went to the operating system, so that a slow client makes its subscriptions wait.
function send(socket: WebSocket, text: string): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState === socket.OPEN) socket.send(text, () => resolve());
    else resolve();
  });
}

/** Cuts off a client that has not answered one ping by the next. */
function ping(socket: WebSocket): () => void {
  let isAlive = true;
  socket.on('pong', () => (isAlive = true));
  const timer = setInterval(() => {
    if (!isAlive) socket.terminate();
    isAlive = false;
    socket.ping();
  }, PING_EVERY_MS);
  return () => clearInterval(timer);
}

import type { Socket } from 'node:net';

const arriving = new WeakSet<Socket>();

/**
 * Says that a body on this connection may take longer to come than other requests; who reads it watches that it goes on. Until the
 * function that this gives is called.
 */
export function beginLongBody(socket: Socket): () => void {
  arriving.add(socket);
  return () => void arriving.delete(socket);
}

/** Whether such a body is on its way. */
export function isLongBodyArriving(socket: Socket): boolean {
  return arriving.has(socket);
}

import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { newContext, toProblem } from '@dspy-nest/platform';

/** Answers a request to become a WebSocket with a problem, straight on the socket, since no answer object exists. */
export function refuseUpgrade(socket: Duplex, error: unknown): void {
  const { traceId } = newContext();
  const problem = toProblem(error, traceId);
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\ncontent-type: application/problem+json\r\n` +
      `connection: close\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

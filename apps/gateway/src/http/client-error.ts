import type { Socket } from 'node:net';
import { newContext, toProblem } from '@dspy-nest/platform';
import { MalformedRequestError } from './http.errors';
import { isLongBodyArriving } from './long-bodies';

const STATUS_LINES: Record<string, string> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};
const REMEDIES: Record<string, string> = {
  HPE_HEADER_OVERFLOW: 'The request headers are too large. Send fewer or shorter headers.',
  ERR_HTTP_REQUEST_TIMEOUT: 'The request did not arrive whole in time. Send it again.',
};

/** Answers what is not even an HTTP request, straight on the socket, since no request object exists. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && isLongBodyArriving(socket)) return;
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const statusLine = STATUS_LINES[error.code ?? ''] ?? '400 Bad Request';
  const remedy = REMEDIES[error.code ?? ''] ?? 'This is not an HTTP request that can be read.';
  const problem = toProblem(new MalformedRequestError(remedy), newContext().traceId);
  const body = JSON.stringify({ ...problem, status: Number.parseInt(statusLine, 10) });
  socket.end(
    `HTTP/1.1 ${statusLine}\r\ncontent-type: application/problem+json\r\nconnection: close\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

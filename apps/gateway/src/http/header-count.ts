import { MalformedRequestError } from './http.errors';

/** Far above what browsers and proxies send. */
const HEADERS_MAX = 100;

/** Throws MalformedRequestError when a request has more headers than anybody needs; Node itself would drop those past 2,000 silently. */
export function refuseManyHeaders(rawHeaders: readonly string[]): void {
  const count = rawHeaders.length / 2;
  if (count <= HEADERS_MAX) return;
  throw new MalformedRequestError(`The request has ${count} headers; at most ${HEADERS_MAX} are taken. Send fewer.`);
}

import { startSpan, type OpenSpan } from '@dspy-nest/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Asked by machines every few seconds: their spans would bury all others. */
const WATCHED = /^\/(livez|readyz|metrics)\b/;

declare module 'fastify' {
  interface FastifyRequest {
    /** The span of the request, where spans are exported. */
    span: OpenSpan | undefined;
  }
}

/** Begins the span of a request, below the caller's if it names one. */
export function beginRequestSpan({ method, url, headers }: FastifyRequest): OpenSpan | undefined {
  if (WATCHED.test(url)) return undefined;
  const attributes = { 'http.request.method': method, 'url.scheme': 'http', 'url.path': url.split('?', 1)[0]! };
  return startSpan(method, { kind: 'server', parent: headers.traceparent as string | undefined, attributes });
}

/** Ends the span of a request that was answered, or whose caller went away. */
export function endRequestSpan({ span, method, routeOptions }: FastifyRequest, { statusCode }: FastifyReply): void {
  if (span === undefined) return;
  const { url: route } = routeOptions;
  const attributes = { 'http.response.status_code': statusCode, ...(route !== undefined && { 'http.route': route }) };
  span.describe(attributes, route === undefined ? method : `${method} ${route}`);
  span.end(statusCode >= 500 ? { code: String(statusCode) } : undefined);
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { BODY_MAX_BYTES } from '@dspy-nest/contracts';
import {
  DEFAULT_TENANT,
  newContext,
  receivedContext,
  ServiceUnavailableError,
  type Telemetry,
} from '@dspy-nest/platform';
import { refuseForeignCaller } from '../access/host-guard';
import { parseJsonBody, parseJsonRows, textOf } from '../input/json-body';
import { answerClientError } from './client-error';
import type { Drain } from './drain';
import { refuseEncodedBody } from './encoded-body';
import { refuseManyHeaders } from './header-count';
import { MalformedRequestError, PackedBodyError } from './http.errors';
import { letImagesIn } from './image-bodies';
import { packedBodyRefusal } from '../input/packed-body';
import { sendProblem } from './problem.filter';
import './request-context';
import { requestMetrics } from './request-metrics';
import { beginRequestSpan, endRequestSpan } from './request-span';
import type { RouteTable } from './route-table';
import { letRowsIn, takesRows } from './row-bodies';
import { endUnusedConnections } from './unused-connections';

const HEADERS_MAX_BYTES = 16_384;
const HEADERS_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_TIMEOUT_MS = 72_000;
/** Node looks every 30 s by default, so that what must arrive in 15 s would have up to 45. */
const TIMEOUTS_CHECKED_EVERY_MS = 2_000;
const PATH_PARAMETER_MAX_CHARS = 200;

/** What the hooks of the HTTP server work with. */
export interface HttpServerParts {
  telemetry: Telemetry;
  routes: RouteTable;
  drain: Drain;
}

/** The Fastify server with its limits and the hooks that run for every request. Times bound the arrival of a request, not its work. */
export function createHttpServer(parts: HttpServerParts): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_MAX_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    // A missing Host header is the guard's to refuse, with a reason; Node would answer without one.
    http: {
      maxHeaderSize: HEADERS_MAX_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUTS_CHECKED_EVERY_MS,
      requireHostHeader: false,
      // Who offers another protocol, such as h2c, is answered in this one.
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
    },
    routerOptions: { maxParamLength: PATH_PARAMETER_MAX_CHARS },
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
    frameworkErrors: answerBadUrl,
  });
  const server = adapter.getInstance<FastifyInstance>();
  readJsonOnly(server);
  letRowsIn(server);
  endUnusedConnections(server);
  addHooks(server, parts);
  return adapter;
}

/** The router answers such a URL before any hook runs. */
function answerBadUrl(_error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const { traceId, traceparent } = newContext(DEFAULT_TENANT, request.headers.traceparent as string | undefined);
  const error = new MalformedRequestError('The URL cannot be read: check its percent-encoding and length.');
  sendProblem(reply.header('traceparent', traceparent), error, traceId);
}

function readJsonOnly(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = body as Buffer;
    try {
      const text = textOf(bytes);
      done(null, takesRows(request) ? parseJsonRows(text) : parseJsonBody(text));
    } catch (error) {
      const refusal = packedBodyRefusal(bytes.toString());
      done(refusal === undefined ? (error as Error) : new PackedBodyError(refusal));
    }
  });
}

function addHooks(server: FastifyInstance, { telemetry, routes, drain }: HttpServerParts): void {
  const record = requestMetrics(telemetry);
  server.decorateRequest('caller');
  server.decorateRequest('span');
  server.addHook('onRoute', (route) => {
    routes.add(route.url, route.method);
    letImagesIn(route);
  });
  server.addHook('onRequest', (request, reply, done) => {
    request.span = beginRequestSpan(request);
    request.caller = request.span
      ? receivedContext(DEFAULT_TENANT, request.span.traceparent)
      : newContext(DEFAULT_TENANT, request.headers.traceparent as string | undefined);
    reply.header('traceparent', request.caller.traceparent).header('x-content-type-options', 'nosniff');
    try {
      refuseManyHeaders(request.raw.rawHeaders);
      refuseEncodedBody(request.headers['content-encoding']);
      refuseForeignCaller(request.headers);
      if (drain.draining) refuseWhileDraining(request.url);
      if (request.method === 'OPTIONS' && tellMethods(request, reply, routes)) return;
      done();
    } catch (error) {
      done(error as Error);
    }
  });
  server.addHook('onSend', (_request, reply, _payload, done) => {
    // Closing waits for open connections, and a kept one would stay open.
    if (drain.draining) reply.header('connection', 'close');
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    record(request, reply);
    endRequestSpan(request, reply);
    done();
  });
}

/** Answers with the methods of a path that is served, and tells whether it did. Other origins are let in by no header. */
function tellMethods({ url }: FastifyRequest, reply: FastifyReply, routes: RouteTable): boolean {
  const allowed = routes.allowed(url.split('?', 1)[0]!);
  if (allowed.length > 0) void reply.code(204).header('allow', allowed.join(', ')).send();
  return allowed.length > 0;
}

/** Probes and metrics are answered to the end, so that whoever watches sees why the door closes. */
function refuseWhileDraining(url: string): void {
  if (/^\/(livez|readyz|metrics)\b/.test(url)) return;
  throw new ServiceUnavailableError('The gateway is stopping. Send the request again.', {
    details: { retryAfterS: 1 },
  });
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  DEFAULT_TENANT,
  newContext,
  receivedContext,
  ServiceUnavailableError,
  type Telemetry,
} from '@dspy-nest/platform';
import { refuseForeignCaller } from '../access/host-guard';
import { BODY_MAX_BYTES, parseJsonBody } from '../input/json-body';
import { answerClientError } from './client-error';
import type { Drain } from './drain';
import { MalformedRequestError } from './http.errors';
import { sendProblem } from './problem.filter';
import './request-context';
import { requestMetrics } from './request-metrics';
import { beginRequestSpan, endRequestSpan } from './request-span';
import type { RouteTable } from './route-table';

const HEADERS_MAX_BYTES = 16_384;
const HEADERS_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_TIMEOUT_MS = 72_000;
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
    http: { maxHeaderSize: HEADERS_MAX_BYTES, headersTimeout: HEADERS_TIMEOUT_MS, requireHostHeader: false },
    routerOptions: { maxParamLength: PATH_PARAMETER_MAX_CHARS },
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
    frameworkErrors: answerBadUrl,
  });
  const server = adapter.getInstance<FastifyInstance>();
  readJsonOnly(server);
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
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    try {
      done(null, parseJsonBody(text as string));
    } catch (error) {
      done(error as Error);
    }
  });
}

function addHooks(server: FastifyInstance, { telemetry, routes, drain }: HttpServerParts): void {
  const record = requestMetrics(telemetry);
  server.decorateRequest('caller');
  server.decorateRequest('span');
  server.addHook('onRoute', ({ url, method }) => routes.add(url, method));
  server.addHook('onRequest', (request, reply, done) => {
    request.span = beginRequestSpan(request);
    request.caller = request.span
      ? receivedContext(DEFAULT_TENANT, request.span.traceparent)
      : newContext(DEFAULT_TENANT, request.headers.traceparent as string | undefined);
    reply.header('traceparent', request.caller.traceparent).header('x-content-type-options', 'nosniff');
    try {
      refuseForeignCaller(request.headers);
      if (drain.draining) refuseWhileDraining(request.url);
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

/** Probes and metrics are answered to the end, so that whoever watches sees why the door closes. */
function refuseWhileDraining(url: string): void {
  if (/^\/(livez|readyz|metrics)\b/.test(url)) return;
  throw new ServiceUnavailableError('The gateway is stopping. Send the request again.', {
    details: { retryAfterS: 1 },
  });
}

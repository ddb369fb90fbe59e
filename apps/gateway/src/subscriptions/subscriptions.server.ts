import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { DEFAULT_TENANT, newContext, Telemetry, type Logger } from '@dspy-nest/platform';
import { handleProtocols, makeServer, type Context, type Server } from 'graphql-ws';
import { GraphQLError, type ExecutionArgs, type GraphQLSchema } from 'graphql';
import { WebSocketServer, type WebSocket } from 'ws';
import { refuseForeignCaller } from '../access/host-guard';
import { toPublicError } from '../graphql/graphql-errors';
import { RouteNotFoundError } from '../http/http.errors';
import { LOGGER } from '../logger.token';
import { OpenStreams } from '../streams/open-streams';
import { readOperation } from './operation';
import { subscriptionSchema } from './subscription-schema';
import { SubscriptionSources, type SubscriptionContext } from './subscription-sources';
import { closeSocket, serveSocket } from './subscription-socket';
import { refuseUpgrade } from './upgrade-refusal';

const PATH = '/graphql';
/** More than a document of as many tokens as there may be. */
const MESSAGE_MAX_BYTES = 65_536;
/** The most subscriptions of a connection. */
const SUBSCRIPTIONS_MAX = 100;
/** Answers to pings and the like that a client does not read. */
const UNREAD_MAX_BYTES = 1_048_576;
/** A private close code: the client did not read what it asked for; it may come again and go on after its last event. */
const SLOW_CLIENT = 4490;
const GOING_AWAY = 1001;
/** Others wait for the gateway to stop. */
const LEAVE_WITHIN_MS = 1_000;

type ConnectionParams = Record<string, unknown> | undefined;
type Connection = Context<ConnectionParams, SubscriptionContext>;
type Payload = Parameters<typeof readOperation>[1];

/** GraphQL subscriptions by `graphql-transport-ws`, on the path that GraphQL over HTTP has. */
@Injectable()
export class SubscriptionsServer implements OnModuleInit {
  private readonly sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_MAX_BYTES, handleProtocols });
  private readonly connections = new Set<Connection>();
  private readonly schema: GraphQLSchema;
  private readonly protocol: Server<SubscriptionContext>;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly streams: OpenStreams,
    sources: SubscriptionSources,
    { meter }: Telemetry,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.schema = subscriptionSchema(sources);
    this.protocol = this.makeProtocol();
    meter
      .createObservableGauge('dspy_subscriptions', { description: 'GraphQL subscriptions that are open.' })
      .addCallback((result) => result.observe(this.countSubscriptions()));
  }

  onModuleInit(): void {
    const server = this.host.httpAdapter.getHttpServer() as HttpServer;
    server.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    try {
      const [path = ''] = (request.url ?? '').split('?', 1);
      if (path !== PATH) throw new RouteNotFoundError(path);
      refuseForeignCaller(request.headers);
      this.streams.admit();
    } catch (error) {
      refuseUpgrade(socket, error);
      return;
    }
    this.sockets.handleUpgrade(request, socket, head, (opened) => this.serve(opened, request));
  }

  private serve(socket: WebSocket, { headers }: IncomingMessage): void {
    const caller = newContext(DEFAULT_TENANT, headers['traceparent'] as string | undefined);
    const onTooSlow = (): void => {
      this.streams.drop('websocket');
      closeSocket(socket, SLOW_CLIENT, 'Too slow: subscribe again after the last event you saw');
    };
    const takes = (): boolean => {
      if (socket.bufferedAmount <= UNREAD_MAX_BYTES) return true;
      if (socket.readyState === socket.OPEN) onTooSlow();
      return false;
    };
    const leave = (): void =>
      closeSocket(socket, GOING_AWAY, 'The gateway is stopping: connect again', LEAVE_WITHIN_MS);
    const onClose = this.streams.add('websocket', leave);
    serveSocket(this.protocol, socket, { caller, onTooSlow }, { takes, onClose });
  }

  private makeProtocol(): Server<SubscriptionContext> {
    return makeServer<ConnectionParams, SubscriptionContext>({
      context: ({ extra }) => extra,
      onConnect: (connection) => void this.connections.add(connection),
      onClose: (connection) => void this.connections.delete(connection),
      onSubscribe: (connection, _id, payload) => this.read(connection, payload),
      onError: (_connection, _id, _payload, errors) => errors.map((error) => this.shown(error).toJSON()),
      onNext: (_connection, _id, _payload, _args, { errors, ...result }) =>
        errors === undefined ? undefined : { ...result, errors: errors.map((error) => this.shown(error).toJSON()) },
    });
  }

  private read({ subscriptions }: Connection, payload: Payload): ExecutionArgs | readonly GraphQLError[] {
    // The one that is asked for is among them.
    if (Object.keys(subscriptions).length <= SUBSCRIPTIONS_MAX) return readOperation(this.schema, payload);
    const message = `A connection has at most ${SUBSCRIPTIONS_MAX} subscriptions. End one, or open another connection.`;
    return [new GraphQLError(message, { extensions: { code: 'too_many_requests', retryable: true } })];
  }

  private shown(error: GraphQLError): GraphQLError {
    const shown = toPublicError(error);
    if (shown.extensions['code'] === 'internal')
      this.logger.error({ err: error }, 'A GraphQL subscription failed unexpectedly.');
    return shown;
  }

  private countSubscriptions(): number {
    return [...this.connections].reduce((sum, { subscriptions }) => sum + Object.keys(subscriptions).length, 0);
  }
}

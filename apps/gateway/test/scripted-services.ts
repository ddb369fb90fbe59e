import { cloudEvent } from '@dspy-nest/platform';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  eventSubject,
  graphqlOf,
  healthOf,
  REQUESTS,
  SIGNALS,
  subgraphOf,
  type GraphqlAbandonedV1,
  type GraphqlOperationV1,
  type Page,
  type PageRequest,
  type ProgramInterfaceV1,
  type SubgraphV1,
  type WireError,
} from '@dspy-nest/contracts';
import { parseSignature } from '@dspy-nest/signature';
import { bodyOf, messageOf } from '@dspy-nest/testing';
import { connect, type Msg, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import { parse } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { SERVICES } from '../src/services';

/** One request a scripted service got. */
export interface Asked {
  subject: string;
  message: Record<string, unknown>;
  headers: Record<string, string>;
}

/** A subgraph for suites that ask nothing of the service. */
const NO_OPTIMIZATION: SubgraphV1 = {
  name: 'optimization',
  url: 'http://127.0.0.1/graphql',
  sdl: 'type Query { optimization: String }',
};

type Answer = (asked: Asked) => unknown;

/** An error a scripted service answers with. */
export class ScriptedError extends Error {
  readonly wire: WireError;

  constructor(code: string, details: WireError['details'] = {}, message = `scripted ${code}`) {
    super(message);
    this.wire = { code, message, retryable: false, details };
  }
}

/** Answers NATS requests in the wire form of the platform, as the services do. */
export class ScriptedServices {
  readonly asked: Asked[] = [];
  readonly #programs = new Map<string, ProgramInterfaceV1>();
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #running = new Map<string, AbortController>();

  private constructor(private readonly connection: NatsConnection) {}

  static async connect(natsUrl: string): Promise<ScriptedServices> {
    const { host, username, password } = new URL(natsUrl);
    const login = password === '' ? {} : { user: username, pass: password };
    const services = new ScriptedServices(await connect({ servers: host, ...login }));
    services.connection.subscribe(SIGNALS.graphqlAbandoned, {
      callback: (_error: unknown, msg: Msg) => services.#running.get(msg.json<GraphqlAbandonedV1>().id)?.abort(),
    });
    await services.on(subgraphOf('optimization'), () => NO_OPTIMIZATION);
    await services.on(REQUESTS.programInterfaces, ({ message }) => services.interfaces(message));
    return services;
  }

  /** Publishes a program, or a version of it, on a definition, and tells of it. */
  async publish(name: string, definition: string, version = 1): Promise<void> {
    const programId = this.#programs.get(name)?.programId ?? randomUUID();
    const signature = parseSignature(definition, { name: 'Published' });
    this.#programs.set(name, { programId, name, version, description: null, module: 'Predict', signature });
    await this.tell(programId);
  }

  /** The id of a published program. */
  idOf(name: string): string {
    return this.#programs.get(name)?.programId ?? '';
  }

  /** Deletes a program, and tells of it. */
  async unpublish(name: string): Promise<void> {
    const { programId = '' } = this.#programs.get(name) ?? {};
    this.#programs.delete(name);
    await this.tell(programId);
  }

  /** Answers a subject from now on, instead of how it was answered before. */
  async on(subject: string, answer: Answer): Promise<void> {
    this.off(subject);
    const callback = (_error: unknown, msg: Msg): void => void this.reply(msg, answer);
    this.#subscriptions.set(subject, this.connection.subscribe(subject, { callback }));
    await this.connection.flush();
  }

  off(subject: string): void {
    this.#subscriptions.get(subject)?.unsubscribe();
    this.#subscriptions.delete(subject);
  }

  /** All services are healthy. */
  async healthy(): Promise<void> {
    for (const service of SERVICES) {
      const checks = [{ name: 'database', healthy: true, message: 'ok' }];
      await this.on(healthOf(service), () => ({ service, checks }));
    }
  }

  /** Serves a subgraph: operations on it go to where it says. */
  async subgraph({ name, url, sdl }: SubgraphV1): Promise<void> {
    await this.on(subgraphOf(name), () => ({ name, url, sdl }));
    await this.on(graphqlOf(name), async ({ message, headers }) => {
      const { id, ...operation } = message as unknown as GraphqlOperationV1;
      const abandoned = new AbortController();
      this.#running.set(id, abandoned);
      const init = {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(operation),
      };
      return fetch(url, { ...init, signal: abandoned.signal })
        .then((answer) => answer.json())
        .catch(() => ({ errors: [{ message: 'Nobody waits any more.', extensions: { code: 'cancelled' } }] }));
    });
  }

  /** Answers operations on the subgraph of a service no more; what it has stays known. */
  away(service: string): void {
    this.off(graphqlOf(service));
  }

  /** The last request on a subject. */
  last(subject: string): Asked {
    const found = this.asked.findLast((asked) => asked.subject === subject);
    if (found === undefined) throw new Error(`Nobody asked ${subject}.`);
    return found;
  }

  async stop(): Promise<void> {
    await this.connection.close();
  }

  /** As the registry does: those of some ids, or a page of all. */
  private interfaces({ filter, cursor, limit }: PageRequest): Page<ProgramInterfaceV1> {
    const { in: ids } = (filter as { id?: { in: string[] } } | undefined)?.id ?? {};
    const found = [...this.#programs.values()].filter(({ programId }) => ids?.includes(programId) ?? true);
    const from = Number(cursor ?? 0);
    const end = from + (limit ?? found.length);
    return { items: found.slice(from, end), nextCursor: end < found.length ? String(end) : null };
  }

  private async tell(id: string): Promise<void> {
    const event = cloudEvent({ tenant: 'default' }, { source: 'registry', type: 'updated', data: { id } });
    this.connection.publish(eventSubject('default', 'registry', 'program', 'updated'), JSON.stringify(event));
    await this.connection.flush();
  }

  private async reply(msg: Msg, answer: Answer): Promise<void> {
    const headers = Object.fromEntries([...(msg.headers ?? [])].map(([name, values]) => [name, values[0] ?? '']));
    const message = await bodyOf<Record<string, unknown>>(this.connection, msg);
    const asked = { subject: msg.subject, message, headers };
    this.asked.push(asked);
    try {
      const text = JSON.stringify({ ok: true, data: (await answer(asked)) ?? null });
      const { body, headers: hdrs } = await messageOf(this.connection, text);
      msg.respond(body, { headers: hdrs });
    } catch (error) {
      msg.respond(JSON.stringify({ ok: false, error: (error as ScriptedError).wire }));
    }
  }
}

type SubgraphModule = Extract<
  Extract<Parameters<typeof buildSubgraphSchema>[0], unknown[]>[number],
  { typeDefs: unknown }
>;
type Resolvers = SubgraphModule['resolvers'];

/** A subgraph of a scripted service, served on a free port. */
export class ScriptedSubgraph {
  readonly headers: IncomingHttpHeaders[] = [];
  /** Requests that were given up before their answer. */
  abandoned = 0;

  private constructor(
    private readonly server: Server,
    readonly subgraph: SubgraphV1,
  ) {}

  static async start(name: string, types: string, resolvers: Resolvers): Promise<ScriptedSubgraph> {
    const sdl = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"]) ${types}`;
    const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers }]);
    const yoga = createYoga({ schema, logging: false });
    const server = createServer((request, response) => {
      started.headers.push(request.headers);
      response.on('close', () => (started.abandoned += response.writableEnded ? 0 : 1));
      void yoga(request, response);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
    const started = new ScriptedSubgraph(server, { name, url, sdl });
    return started;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

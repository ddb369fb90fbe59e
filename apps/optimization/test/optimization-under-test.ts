import { healthOf, STREAMS, subgraphOf, type CloudEvent } from '@dspy-nest/contracts';
import { Nats, RequestClient } from '@dspy-nest/messaging';
import { createLogger, loadConfig, newContext, type AppError, type RequestContext } from '@dspy-nest/platform';
import { createDatabase, eventually, startServers, type TestDatabase, type TestServers } from '@dspy-nest/testing';
import type { INestApplication } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { optimizationSettings } from '../src/optimization.settings';
import { startOptimization } from '../src/start-optimization';

/** An event as DSPY_EVENTS keeps it. */
export interface StoredEvent {
  subject: string;
  event: CloudEvent<{ id: string; name: string; version: number }>;
}

interface StartOptions {
  environment?: NodeJS.ProcessEnv;
  /** Started all at once. */
  replicas?: number;
}

/** Replicas of the service on servers of their own, and the gateway's way to ask them. */
export class OptimizationUnderTest {
  readonly #replicas: INestApplication[] = [];

  private constructor(
    readonly servers: TestServers,
    readonly database: TestDatabase,
    readonly nats: Nats,
    readonly client: RequestClient,
  ) {}

  static async start({ environment = {}, replicas = 1 }: StartOptions = {}): Promise<OptimizationUnderTest> {
    const servers = await startServers({ only: ['postgres', 'nats', 'redis'] });
    const database = await createDatabase(servers);
    const nats = await Nats.connect(servers.natsUrl, 'test');
    const optimization = new OptimizationUnderTest(servers, database, nats, new RequestClient(nats));
    await Promise.all(Array.from({ length: replicas }, () => optimization.addReplica(environment)));
    return optimization;
  }

  async addReplica(environment: NodeJS.ProcessEnv = {}): Promise<INestApplication> {
    const settings = loadConfig(optimizationSettings, {
      DATABASE_URL: this.database.url,
      NATS_URL: this.servers.natsUrl,
      REDIS_URL: this.servers.redisUrl,
      LOG_LEVEL: 'fatal',
      ...environment,
    });
    const replica = await startOptimization(settings, createLogger('optimization', settings.LOG_LEVEL));
    this.#replicas.push(replica);
    // Its subscriptions go by a connection of their own and may arrive after what this one sends.
    await eventually(() => this.ask(healthOf('optimization'), {}));
    return replica;
  }

  async stopReplicas(): Promise<void> {
    await Promise.all(this.#replicas.splice(0).map((replica) => replica.close()));
  }

  async stop(): Promise<void> {
    await this.stopReplicas();
    await this.nats.close();
    await this.database.drop();
    await this.servers.stop();
  }

  ask<T>(subject: string, message: unknown, ctx: RequestContext = newContext()): Promise<T> {
    return this.client.request<T>(ctx, subject, message);
  }

  /** The error that a request is answered with. */
  async refusal(subject: string, message: unknown, ctx?: RequestContext): Promise<AppError> {
    const answer = await this.ask(subject, message, ctx).catch((error: unknown) => error);
    if (answer instanceof Error) return answer as AppError;
    throw new Error(`The request to ${subject} was not refused.`);
  }

  /** Rows of the service's own database. */
  async query<T>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    const source = await new DataSource({
      type: 'postgres',
      url: this.database.url,
      installExtensions: false,
    }).initialize();
    try {
      return await source.query<T[]>(sql, parameters);
    } finally {
      await source.destroy();
    }
  }

  /** All that DSPY_EVENTS holds, oldest first. */
  async events(): Promise<StoredEvent[]> {
    const { state } = await this.nats.manager.streams.info(STREAMS.events);
    const stored: StoredEvent[] = [];
    for (let seq = state.first_seq; seq > 0 && seq <= state.last_seq; seq += 1) {
      const message = await this.nats.manager.streams.getMessage(STREAMS.events, { seq });
      if (message) stored.push({ subject: message.subject, event: message.json<StoredEvent['event']>() });
    }
    return stored;
  }

  async graphql<T>(
    query: string,
    variables: Record<string, unknown> = {},
    tenant = 'default',
  ): Promise<GraphqlAnswer<T>> {
    const { url } = await this.ask<{ url: string }>(subgraphOf('optimization'), {});
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'dspy-tenant': tenant },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as GraphqlAnswer<T>;
  }
}

/** What GraphQL answers over HTTP. */
export interface GraphqlAnswer<T> {
  data: T;
  errors?: { message: string; extensions: { code: string; details: { errors?: { pointer: string }[] } } }[];
}

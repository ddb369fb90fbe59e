import { randomUUID } from 'node:crypto';
import { type ModelV1, type ProgramVersionV1, REQUESTS } from '@dspy-nest/contracts';
import { Nats, RequestClient } from '@dspy-nest/messaging';
import { AppError, newContext, type RequestContext } from '@dspy-nest/platform';
import { parseSignature } from '@dspy-nest/signature';
import { createDatabase, startServers, type TestDatabase, type TestServers } from '@dspy-nest/testing';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { INestApplication } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { createExecutionApp } from '../src/execution.app';
import type { ExecutionConfig } from '../src/execution.config';

/** Real servers, and a registry that knows the programs `qa` and `limited`. */
export interface Surroundings {
  readonly servers: TestServers;
  readonly database: TestDatabase;
  readonly client: RequestClient;
  readonly ctx: RequestContext;
  readonly nats: NatsConnection;
  stop(): Promise<void>;
}

/** An execution service in its surroundings. */
export interface RunningExecution extends Surroundings {
  readonly dataSource: DataSource;
  readonly app: INestApplication;
}

/** Open executions that the program `limited` allows. */
export const LIMIT = 2;

const signature = parseSignature('question: string -> answer: string', { name: 'Qa' });

const program: ProgramVersionV1 = {
  tenant: 'default',
  programId: randomUUID(),
  name: 'qa',
  version: 3,
  hash: 'a'.repeat(64),
  signature,
  module: 'Predict',
  model: null,
  adapter: 'auto',
  format: 'auto',
  config: {},
  state: null,
};

const model: ModelV1 = {
  id: randomUUID(),
  name: 'default',
  version: 1,
  model: 'scripted',
  baseUrl: 'http://127.0.0.1:9/v1',
  hasApiKey: false,
  format: 'chat',
  pricing: null,
  capabilities: { grammar: false, jsonSchema: false },
  createdAt: new Date().toISOString(),
  updatedAt: new Date().toISOString(),
};

const limited: ProgramVersionV1 = {
  ...program,
  programId: randomUUID(),
  name: 'limited',
  config: { maxConcurrency: LIMIT },
};

const notFound = {
  ok: false,
  error: { code: 'program_not_found', message: 'There is no program.', retryable: false, details: {} },
};

/** Answers as the registry would: two programs and the model `default` are all there is. */
function answerAsRegistry(nats: NatsConnection): void {
  const answer = (subject: string, reply: (name: string) => unknown): void => {
    nats.subscribe(subject, {
      callback: (_error, message) => {
        message.respond(JSON.stringify(reply(message.json<{ name: string }>().name)));
      },
    });
  };
  const programs = new Map(
    [program, limited].flatMap((one) => [
      [one.name, one],
      [one.programId, one],
    ]),
  );
  answer(REQUESTS.programResolve, (name) => {
    const found = programs.get(name);
    return found === undefined ? notFound : { ok: true, data: found };
  });
  answer(REQUESTS.modelGet, () => ({ ok: true, data: model }));
}

/** Starts what a replica needs, without one. */
export async function startSurroundings(): Promise<Surroundings> {
  const servers = await startServers();
  const database = await createDatabase(servers);
  const url = new URL(servers.natsUrl);
  const nats = await connect({ servers: url.host, user: url.username, pass: url.password });
  answerAsRegistry(nats);
  await nats.flush();
  const connection = await Nats.connect(servers.natsUrl, 'test');
  return {
    servers,
    database,
    client: new RequestClient(connection),
    ctx: newContext(),
    nats,
    stop: async () => {
      await connection.close();
      await nats.close();
      await database.drop();
      await servers.stop();
    },
  };
}

const DEFAULTS = { LOG_LEVEL: 'silent', DSPY_NEST_MAX_QUEUED: 100_000, DSPY_NEST_RECORD_RETENTION_DAYS: 30 } as const;

/** Starts one replica in this process. */
export function startReplica(
  { servers, database }: Surroundings,
  change: Partial<ExecutionConfig> = {},
): Promise<INestApplication> {
  const urls = { DATABASE_URL: database.url, NATS_URL: servers.natsUrl, REDIS_URL: servers.redisUrl };
  return createExecutionApp({ ...urls, ...DEFAULTS, ...change });
}

/** Starts one replica and all it needs. */
export async function startExecution(change: Partial<ExecutionConfig> = {}): Promise<RunningExecution> {
  const surroundings = await startSurroundings();
  const app = await startReplica(surroundings, change);
  return {
    ...surroundings,
    dataSource: app.get(DataSource),
    app,
    stop: async () => {
      await app.close();
      await surroundings.stop();
    },
  };
}

/** The error a promise is rejected with. */
export async function errorOf(promise: Promise<unknown>): Promise<AppError> {
  const error: unknown = await promise.then(
    () => new Error('It did not fail.'),
    (reason: unknown) => reason,
  );
  if (error instanceof AppError) return error;
  throw error;
}

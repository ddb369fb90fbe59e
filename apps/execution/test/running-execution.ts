import { randomUUID } from 'node:crypto';
import { type ModelV1, type ProgramVersionV1, REQUESTS } from '@dspy-nest/contracts';
import { RequestClient } from '@dspy-nest/messaging';
import { AppError, newContext, type RequestContext } from '@dspy-nest/platform';
import { parseSignature } from '@dspy-nest/signature';
import { createDatabase, startServers, type TestDatabase, type TestServers } from '@dspy-nest/testing';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { INestApplication } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { createExecutionApp } from '../src/execution.app';

/** An execution service on real servers, with a registry that knows one program. */
export interface RunningExecution {
  readonly servers: TestServers;
  readonly database: TestDatabase;
  readonly dataSource: DataSource;
  readonly client: RequestClient;
  readonly ctx: RequestContext;
  readonly nats: NatsConnection;
  readonly app: INestApplication;
  stop(): Promise<void>;
}

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

const notFound = {
  ok: false,
  error: { code: 'program_not_found', message: 'There is no program.', retryable: false, details: {} },
};

/** Answers as the registry would: the program `qa` and the model `default` are all there is. */
function answerAsRegistry(nats: NatsConnection): void {
  const answer = (subject: string, reply: (name: string) => unknown): void => {
    nats.subscribe(subject, {
      callback: (_error, message) => {
        message.respond(JSON.stringify(reply(message.json<{ name: string }>().name)));
      },
    });
  };
  answer(REQUESTS.programResolve, (name) => (name === 'qa' ? { ok: true, data: program } : notFound));
  answer(REQUESTS.modelGet, () => ({ ok: true, data: model }));
}

/** Starts one replica. */
export async function startExecution(): Promise<RunningExecution> {
  const servers = await startServers({ only: ['postgres', 'nats'] });
  const database = await createDatabase(servers);
  const url = new URL(servers.natsUrl);
  const nats = await connect({ servers: url.host, user: url.username, pass: url.password });
  answerAsRegistry(nats);
  await nats.flush();
  const config = { DATABASE_URL: database.url, NATS_URL: servers.natsUrl, LOG_LEVEL: 'silent' as const };
  const app = await createExecutionApp(config);
  return {
    servers,
    database,
    dataSource: app.get(DataSource),
    client: app.get(RequestClient),
    ctx: newContext(),
    nats,
    app,
    stop: async () => {
      await app.close();
      await nats.close();
      await database.drop();
      await servers.stop();
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

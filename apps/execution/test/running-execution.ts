import { randomUUID } from 'node:crypto';
import { type ModelV1, type ProgramConfig, type ProgramVersionV1, REQUESTS, eventSubject } from '@dspy-nest/contracts';
import { Nats, RequestClient } from '@dspy-nest/messaging';
import { AppError, networksOf, newContext, type RequestContext, cloudEvent } from '@dspy-nest/platform';
import { parseSignature } from '@dspy-nest/signature';
import { createDatabase, startServers, type TestDatabase, type TestServers } from '@dspy-nest/testing';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { INestApplication } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { createExecutionApp } from '../src/execution.app';
import type { ExecutionConfig } from '../src/execution.config';

/** Real servers, and a registry that knows the programs `qa`, `limited` and `look`. */
export interface Surroundings {
  readonly servers: TestServers;
  readonly database: TestDatabase;
  readonly client: RequestClient;
  readonly ctx: RequestContext;
  readonly nats: NatsConnection;
  /** Publishes a program on a definition, or a new version of it. */
  publish(name: string, definition: string, version?: number, config?: ProgramConfig): ProgramVersionV1;
  stop(): Promise<void>;
}

/** An execution service in its surroundings. */
export interface RunningExecution extends Surroundings {
  readonly dataSource: DataSource;
  app: INestApplication;
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

/** Models with a price, the dearer first. */
export const [dear, cheap] = [
  { ...model, id: randomUUID(), name: 'dear', pricing: { inputPerMillionUsd: 5, outputPerMillionUsd: 9 } },
  { ...model, id: randomUUID(), name: 'cheap', pricing: { inputPerMillionUsd: 1, outputPerMillionUsd: 2 } },
] as const;

/** A model that answers so many calls at once. */
export const PARALLEL_CALLS = 2;
const narrow: ModelV1 = {
  ...model,
  id: randomUUID(),
  name: 'narrow',
  capabilities: { ...model.capabilities, parallelCalls: PARALLEL_CALLS },
};

const models: readonly ModelV1[] = [dear, cheap, narrow];

const limited: ProgramVersionV1 = {
  ...program,
  programId: randomUUID(),
  name: 'limited',
  config: { maxConcurrency: LIMIT },
};

const look: ProgramVersionV1 = {
  ...program,
  programId: randomUUID(),
  name: 'look',
  signature: parseSignature('photo: image, question: string -> answer: string', { name: 'Look' }),
};

const notFound = {
  ok: false,
  error: { code: 'program_not_found', message: 'There is no program.', retryable: false, details: {} },
};

/** Answers as the registry would: these programs and the model `default` are all there is. */
function answerAsRegistry(nats: NatsConnection, programs: Map<string, ProgramVersionV1>): void {
  const answer = (subject: string, reply: (message: { name: string }) => unknown): void => {
    nats.subscribe(subject, {
      callback: (_error, message) => {
        message.respond(JSON.stringify(reply(message.json<{ name: string }>())));
      },
    });
  };
  const find = (nameOrId: string) =>
    [...programs.values()].find(({ name, programId }) => name === nameOrId || programId === nameOrId);
  answer(REQUESTS.programResolve, ({ name }) => {
    const found = find(name);
    return found === undefined ? notFound : { ok: true, data: found };
  });
  answer(REQUESTS.programInterfaces, () => {
    const items = [...programs.values()].map(({ programId, name, version, module, signature: spec }) => {
      return { programId, name, version, description: null, module, signature: spec };
    });
    return { ok: true, data: { items, nextCursor: null } };
  });
  answer(REQUESTS.modelGet, ({ name }) => ({ ok: true, data: models.find((one) => one.name === name) ?? model }));
}

/** Puts a program among those the registry knows, and tells of it. */
function publish(nats: NatsConnection, programs: Map<string, ProgramVersionV1>): Surroundings['publish'] {
  return (name, definition, version = 1, config = {}) => {
    const programId = programs.get(name)?.programId ?? randomUUID();
    const spec = parseSignature(definition, { name: 'Published' });
    const published = { ...program, programId, name, version, signature: spec, config };
    programs.set(name, published);
    const event = cloudEvent({ tenant: 'default' }, { source: 'registry', type: 'updated', data: { id: programId } });
    nats.publish(eventSubject('default', 'registry', 'program', 'updated'), JSON.stringify(event));
    return published;
  };
}

/** Starts what a replica needs, without one. */
export async function startSurroundings(): Promise<Surroundings> {
  const servers = await startServers();
  const database = await createDatabase(servers);
  const url = new URL(servers.natsUrl);
  const nats = await connect({ servers: url.host, user: url.username, pass: url.password });
  const programs = new Map([program, limited, look].map((one) => [one.name, one]));
  answerAsRegistry(nats, programs);
  await nats.flush();
  const connection = await Nats.connect(servers.natsUrl, 'test');
  return {
    servers,
    database,
    client: new RequestClient(connection),
    ctx: newContext(),
    nats,
    publish: publish(nats, programs),
    stop: async () => {
      await connection.close();
      await nats.close();
      await database.drop();
      await servers.stop();
    },
  };
}

const DEFAULTS = {
  LOG_LEVEL: 'silent',
  DSPY_NEST_MAX_QUEUED: 100_000,
  DSPY_NEST_RECORD_RETENTION_DAYS: 30,
  DSPY_NEST_MODEL_NETWORKS: networksOf(''),
} as const;

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
  const service: RunningExecution = {
    ...surroundings,
    dataSource: app.get(DataSource),
    app,
    stop: async () => {
      await service.app.close();
      await surroundings.stop();
    },
  };
  return service;
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

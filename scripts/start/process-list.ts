import { join } from 'node:path';
import type { ChildSpec } from '@dspy-nest/embedded';
import type { StartConfig } from './start.config';

/** What the processes of the suite are told; all URLs may carry a password. */
export interface Surroundings {
  readonly root: string;
  readonly config: StartConfig;
  readonly databaseUrl: string;
  readonly natsUrl: string;
  readonly redisUrl: string;
  /** base64 of 32 bytes. */
  readonly secretKey: string;
  /** Of the bundled model's server; undefined when another model is used. */
  readonly localModelPort?: number;
}

/** A process of the suite and the place in the order of stopping, lowest first. */
export type ProcessEntry = Omit<ChildSpec, 'home' | 'onCrash'> & { readonly stopRank: number };

// Secrets go to the one service that needs them, never with the rest.
const SECRET = ['DSPY_NEST_SECRET_KEY', 'DSPY_NEST_LM_API_KEY'];
const SECRET_OF_TOOL = /^DSPY_NEST_TOOL_SECRET_/;
const PASSED_ON =
  /^(PATH|HOME|USER|LANG|LC_\w+|TZ|TMPDIR|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|REQUESTS_CA_BUNDLE|OTEL_\w+|DSPY_NEST_\w+|(HTTPS?|NO|ALL)_PROXY)$/i;

/** Models on this machine may be called: whoever reaches the gateway is on it, too. */
const MODEL_NETWORKS = '127.0.0.0/8, ::1';

/** All processes that need the servers, in no order: each waits by itself for what it needs. */
export function listProcesses(surroundings: Surroundings, env: NodeJS.ProcessEnv): ProcessEntry[] {
  const { config, localModelPort } = surroundings;
  const workers = Array.from({ length: config.workers }, (_, index) => worker(surroundings, env, index + 1));
  const model = localModelPort === undefined ? [] : [localModel(surroundings, env, localModelPort)];
  return [
    ...['gateway', 'registry', 'execution', 'optimization'].map((name) => service(name, surroundings, env)),
    ...workers,
    ...model,
  ];
}

const WORKER_GOODBYE_MS = 3_000;
/** Services that call model servers, or judge where these may be. */
const CALLS_MODELS = ['registry', 'execution'];
const SERVICE_RANKS: Readonly<Record<string, number>> = { gateway: 0, optimization: 1, execution: 2, registry: 3 };

function service(name: string, given: Surroundings, env: NodeJS.ProcessEnv): ProcessEntry {
  const { root, config, databaseUrl, natsUrl, redisUrl, localModelPort } = given;
  return {
    name,
    command: [process.execPath, join(root, 'dist', 'apps', name, 'apps', name, 'src', 'main.js')],
    env: {
      ...passedOn(env),
      NODE_ENV: 'production',
      // A service loads thousands of modules; from here it takes them compiled, from its second start on.
      NODE_COMPILE_CACHE: join(root, 'dist', '.compile-cache'),
      NATS_URL: natsUrl,
      LOG_LEVEL: config.logLevel,
      DSPY_NEST_WORKERS: String(config.workers),
      ...(name === 'gateway'
        ? { HOST: config.host, PORT: String(config.port), REDIS_URL: redisUrl }
        : { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl }),
      ...(localModelPort !== undefined && { DSPY_NEST_LOCAL_MODEL_URL: `http://127.0.0.1:${localModelPort}/v1` }),
      ...(CALLS_MODELS.includes(name) && { DSPY_NEST_MODEL_NETWORKS: env.DSPY_NEST_MODEL_NETWORKS ?? MODEL_NETWORKS }),
      ...(name === 'registry' && {
        DSPY_NEST_SECRET_KEY: given.secretKey,
        DSPY_NEST_LM_API_KEY: env.DSPY_NEST_LM_API_KEY,
      }),
    },
    cwd: root,
    stopGraceMs: 15_000,
    stopRank: SERVICE_RANKS[name] ?? 0,
  };
}

function worker(given: Surroundings, env: NodeJS.ProcessEnv, number: number): ProcessEntry {
  return {
    ...python('dspy_worker', given, env, {
      NATS_URL: given.natsUrl,
      DSPY_NEST_WORKER_CONCURRENCY: String(given.config.workerConcurrency),
      DSPY_NEST_WORKER_DRAIN_GRACE_S: String(given.config.workerDrainGraceS),
      DSPY_NEST_MODEL_NETWORKS: env.DSPY_NEST_MODEL_NETWORKS ?? MODEL_NETWORKS,
      ...secretsOfTools(env),
      LOG_LEVEL: given.config.logLevel,
    }),
    name: `worker-${number}`,
    // It ends itself at its ceilings of executions and memory.
    renewsItself: true,
    // A worker lets the executions in hand finish, then says goodbye.
    stopGraceMs: given.config.workerDrainGraceS * 1_000 + WORKER_GOODBYE_MS,
    stopRank: 1,
  };
}

function localModel(given: Surroundings, env: NodeJS.ProcessEnv, port: number): ProcessEntry {
  return {
    ...python('local_model', given, env, {
      DSPY_NEST_LOCAL_MODEL_PORT: String(port),
      LOG_LEVEL: given.config.logLevel,
    }),
    name: 'local-model',
    isReady: async () => (await fetch(`http://127.0.0.1:${port}/health`)).status === 200,
    readyTimeoutMs: 120_000,
    stopGraceMs: 5_000,
    stopRank: 4,
  };
}

function python(module: string, { root }: Surroundings, env: NodeJS.ProcessEnv, own: NodeJS.ProcessEnv) {
  return {
    command: [join(root, '.venv', 'bin', 'python'), '-m', module],
    env: { ...passedOn(env), PYTHONPATH: join(root, 'python-worker', 'src'), PYTHONUNBUFFERED: '1', ...own },
    cwd: root,
  };
}

function passedOn(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isMeant = (name: string): boolean =>
    PASSED_ON.test(name) && !SECRET.includes(name) && !SECRET_OF_TOOL.test(name);
  return Object.fromEntries(Object.entries(env).filter(([name]) => isMeant(name)));
}

function secretsOfTools(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => SECRET_OF_TOOL.test(name)));
}

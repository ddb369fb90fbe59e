import { join } from 'node:path';
import {
  type EmbeddedServer,
  findFreePort,
  locateExecutables,
  readOrCreateSecret,
  startNats,
  startPostgres,
  startValkey,
  SupervisedChild,
} from '@dspy-nest/embedded';
import type { NatsConnection } from '@nats-io/transport-node';
import { EvidenceReader } from '../judge/evidence';
import { waitForReady } from '../../start/gateway-client';
import type { Surroundings } from '../../start/process-list';
import { readStartConfig } from '../../start/start.config';
import { observeNats } from './nats-connection';
import { replicatedProcesses, type SuiteSize } from './suite-processes';

const READY_TIMEOUT_MS = 120_000;
const HASTE_MS = 5_000;

/** Where a suite keeps its data and logs, which model it asks, and how large it is. */
export interface SuiteOptions {
  readonly root: string;
  readonly home: string;
  readonly modelUrl: string;
  readonly size: SuiteSize;
  /** Added to the environment that `npm start` would be given. */
  readonly env?: NodeJS.ProcessEnv;
  /** Flags of Node for the services. */
  readonly nodeOptions?: string;
}

interface Servers {
  readonly postgres: EmbeddedServer;
  readonly nats: EmbeddedServer;
  readonly valkey: EmbeddedServer;
}

/** The real suite, each of whose processes can be taken by itself. */
export class Suite {
  readonly home: string;
  readonly gatewayUrls: readonly string[];
  readonly servers: Servers;
  readonly nats: NatsConnection;
  readonly evidence: EvidenceReader;
  private readonly children: readonly SupervisedChild[];

  private constructor(
    given: Pick<Suite, 'home' | 'gatewayUrls' | 'servers' | 'nats'>,
    children: readonly SupervisedChild[],
  ) {
    this.home = given.home;
    this.gatewayUrls = given.gatewayUrls;
    this.servers = given.servers;
    this.nats = given.nats;
    this.evidence = new EvidenceReader(given.servers.postgres.url, given.nats);
    this.children = children;
  }

  /** Starts everything and waits until each gateway says that work is possible; throws GatewayAnswerError. */
  static async start(options: SuiteOptions): Promise<Suite> {
    const { home, size } = options;
    const servers = await startServers(options);
    const ports = await Promise.all(Array.from({ length: size.gateways }, () => findFreePort()));
    const env = environmentOf(options);
    const entries = replicatedProcesses(surroundingsOf(options, env, servers), size, ports, env);
    const children = entries.map((entry) => {
      const nodeOptions = options.nodeOptions === undefined ? {} : { NODE_OPTIONS: options.nodeOptions };
      return new SupervisedChild({ ...entry, env: { ...entry.env, ...nodeOptions }, home });
    });
    const gatewayUrls = ports.map((port) => `http://127.0.0.1:${port}`);
    const nats = await observeNats(servers.nats.url);
    const suite = new Suite({ home, gatewayUrls, servers, nats }, children);
    try {
      await Promise.all(children.map((child) => child.start()));
      await suite.ready();
    } catch (error) {
      await suite.stop();
      throw error;
    }
    return suite;
  }

  /** The workers, the replicas of `execution`, or the gateways. */
  members(kind: 'worker' | 'execution' | 'optimization' | 'gateway' | 'registry'): SupervisedChild[] {
    return this.children.filter(({ name }) => name.startsWith(kind));
  }

  /** All processes, servers too, by name. */
  all(): SupervisedChild[] {
    return [...this.children, ...Object.values(this.servers).map(({ child }: EmbeddedServer) => child)];
  }

  /** Waits until every gateway says that work is possible. */
  async ready(): Promise<void> {
    const waiting = { timeoutMs: READY_TIMEOUT_MS, signal: new AbortController().signal };
    await Promise.all(this.gatewayUrls.map((url) => waitForReady(`${url}/readyz`, waiting)));
  }

  /** Stops everything; services first, for they drain into the servers. */
  async stop(): Promise<void> {
    for (const kind of ['gateway', 'worker', 'optimization', 'execution', 'registry'] as const) {
      await Promise.all(this.members(kind).map((child) => child.stop(HASTE_MS)));
    }
    await this.nats.close();
    await Promise.all(Object.values(this.servers).map(({ child }: EmbeddedServer) => child.stop(HASTE_MS)));
  }
}

async function startServers({ root, home }: SuiteOptions): Promise<Servers> {
  const options = { home, executables: locateExecutables(root) };
  const [postgres, nats, valkey] = await Promise.all([
    startPostgres(options),
    startNats(options),
    startValkey(options),
  ]);
  return { postgres, nats, valkey };
}

/** The environment that `npm start` would be given for a suite like this. */
function environmentOf({ home, modelUrl, size, env }: SuiteOptions): NodeJS.ProcessEnv {
  return {
    ...process.env,
    DSPY_NEST_HOME: home,
    DSPY_NEST_WORKERS: String(size.workers),
    DSPY_NEST_WORKER_CONCURRENCY: String(size.workerConcurrency),
    DSPY_NEST_LM_BASE_URL: modelUrl,
    DSPY_NEST_LM_MODEL: 'scripted',
    DSPY_NEST_LM_API_KEY: 'faults',
    ...env,
  };
}

function surroundingsOf({ root, home }: SuiteOptions, env: NodeJS.ProcessEnv, servers: Servers): Surroundings {
  return {
    root,
    config: readStartConfig(env, root),
    databaseUrl: servers.postgres.url,
    natsUrl: servers.nats.url,
    redisUrl: servers.valkey.url,
    secretKey: readOrCreateSecret(join(home, 'secret-key'), 32, 'base64'),
  };
}

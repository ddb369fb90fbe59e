import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { SHARED_DATABASE_URL } from './shared-servers';

type ServerName = 'postgres' | 'nats' | 'redis';
type UrlName = 'databaseUrl' | 'natsUrl' | 'redisUrl';

/** Addresses of running servers; reading one that was not asked for throws. */
export interface TestServers extends Readonly<Record<UrlName, string>> {
  /** Ends the servers and removes their data. */
  stop(): Promise<void>;
}

const PROGRAM = ['--import', './scripts/register-typescript.mjs', './scripts/test-servers.ts'];
/** The program starts Valkey where an operator may also bring Redis. */
const PROGRAM_NAMES: Record<ServerName, string> = { postgres: 'postgres', nats: 'nats', redis: 'valkey' };
const URL_NAMES: Record<UrlName, ServerName> = { databaseUrl: 'postgres', natsUrl: 'nats', redisUrl: 'redis' };

/**
 * Starts real servers. NATS and Redis are the caller's own (0.1 s each). Postgres takes seconds, so within a run of Jest
 * all suites share one: each takes a database of its own from `createDatabase`. Throws when a server does not start.
 */
export async function startServers(options: { only?: ServerName[] } = {}): Promise<TestServers> {
  const wanted = options.only ?? ['postgres', 'nats', 'redis'];
  const sharedUrl = process.env[SHARED_DATABASE_URL];
  const shared: Partial<Record<UrlName, string>> =
    sharedUrl !== undefined && wanted.includes('postgres') ? { databaseUrl: sharedUrl } : {};
  const own = wanted.filter((name) => name !== 'postgres' || sharedUrl === undefined);
  if (own.length === 0) return testServers(shared, () => Promise.resolve());

  const child = spawn(process.execPath, [...PROGRAM, ...own.flatMap((name) => ['--only', PROGRAM_NAMES[name]])], {
    cwd: process.cwd(),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const urls = await firstLine(child);
  return testServers({ ...urls, ...shared }, () => stop(child));
}

function testServers(urls: Partial<Record<UrlName, string>>, stopServers: () => Promise<void>): TestServers {
  const url = (name: UrlName): string => {
    const value = urls[name];
    if (value === undefined) throw new Error(`No ${name}: add '${URL_NAMES[name]}' to \`only\` of startServers.`);
    return value;
  };
  return {
    get databaseUrl() {
      return url('databaseUrl');
    },
    get natsUrl() {
      return url('natsUrl');
    },
    get redisUrl() {
      return url('redisUrl');
    },
    stop: stopServers,
  };
}

type ServersProcess = ChildProcessByStdio<Writable, Readable, Readable>;

async function firstLine(child: ServersProcess): Promise<Partial<Record<UrlName, string>>> {
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  const line = await Promise.race([
    once(createInterface(child.stdout), 'line'),
    once(child, 'close').then(() => undefined),
  ]);
  if (line === undefined) throw new Error(`The test servers did not start:\n${complaints}`);
  return JSON.parse(String(line[0])) as Partial<Record<UrlName, string>>;
}

async function stop(child: ServersProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.stdin.end();
  await closed;
}

import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { serverEnvironment, type EmbeddedServer, type ServerOptions } from './embedded-server';
import { ChildStartError, PostgresAccountError } from './errors';
import { startOnPort } from './free-port';
import { choosePostgresAccount, type PostgresAccount } from './postgres-account';
import { readOrCreateSecret, writePrivateFile } from './secret-file';
import { SupervisedChild } from './supervised-child';

const USER = 'dspy_nest';
const DATABASE = 'dspy_nest';

// Statements are kept out of the log: they can hold what users sent.
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_error_statement: 'panic',
};

/**
 * Starts Postgres with one superuser and the database `dspy_nest`, making its data folder the first time; ready when the
 * database answers a query. Throws ChildStartError and PostgresAccountError.
 */
export async function startPostgres(options: ServerOptions): Promise<EmbeddedServer> {
  mkdirSync(options.home, { recursive: true, mode: 0o700 });
  const passwordFile = join(options.home, 'postgres-password');
  const password = readOrCreateSecret(passwordFile, 24, 'base64url');
  const account = choosePostgresAccount(options.executables.postgresNative, join(options.home, 'postgres'));
  const data = prepareData(options, account, password);
  return startOnPort(options.port, async (port) => {
    const url = (database: string) => `postgresql://${USER}:${password}@127.0.0.1:${port}/${database}`;
    const child = postgresChild(options, account, { data, port, url: url('postgres') });
    await child.start();
    return { url: url(DATABASE), port, child };
  });
}

function postgresChild(
  options: ServerOptions,
  account: PostgresAccount,
  { data, port, url }: { data: string; port: number; url: string },
): SupervisedChild {
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return new SupervisedChild({
    name: 'postgres',
    command: [join(account.native, 'bin', 'postgres'), '-D', data, '-p', String(port), ...settings],
    commandPrefix: account.prefix,
    env: serverEnvironment(),
    cwd: '/',
    home: options.home,
    isReady: () => hasDatabase(url),
    readyTimeoutMs: 60_000,
    // Fast shutdown: SIGTERM would wait for every client to leave.
    stopSignal: 'SIGINT',
    deathSignal: 'SIGINT',
    ...(account.account && { account: account.account }),
    ...(options.onCrash && { onCrash: options.onCrash }),
  });
}

/** Makes the data folder under another name first: an interrupted initdb must not look like a finished one. */
function prepareData(options: ServerOptions, account: PostgresAccount, password: string): string {
  const data = join(account.folder, 'data');
  mkdirSync(account.folder, { recursive: true, mode: 0o700 });
  const owner = account.account ?? { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  changeOwner(account.folder, owner);
  if (existsSync(data)) return data;
  const unfinished = join(account.folder, 'unfinished');
  rmSync(unfinished, { recursive: true, force: true });
  const passwordFile = join(account.folder, 'initdb-password');
  writePrivateFile(passwordFile, password);
  chownSync(passwordFile, owner.uid, owner.gid);
  try {
    runInitdb(options, account, unfinished, passwordFile);
  } finally {
    rmSync(passwordFile);
  }
  renameSync(unfinished, data);
  return data;
}

function runInitdb(options: ServerOptions, account: PostgresAccount, data: string, passwordFile: string): void {
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = [`--username=${USER}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const initdb = [join(account.native, 'bin', 'initdb'), `--pgdata=${data}`, ...access, ...locale, '--no-instructions'];
  const [program = '', ...args] = [...account.prefix, ...initdb];
  const result = spawnSync(program, args, {
    ...account.account,
    cwd: '/',
    env: serverEnvironment(),
    encoding: 'utf8',
  });
  if (result.status === 0) return;
  const lines = result.stderr.trim().split('\n').slice(-15);
  const reason = result.error?.message ?? `initdb ended with exit code ${result.status}`;
  throw new ChildStartError('postgres', `could not make its data folder: ${reason}`, join(options.home, 'logs'), lines);
}

/** A run as root by namespace and one by another account own the files differently; only root can give them away. */
function changeOwner(folder: string, owner: { uid: number; gid: number }): void {
  if (statSync(folder).uid === owner.uid) return;
  if (process.getuid?.() !== 0) {
    throw new PostgresAccountError(
      `The database files in ${folder} belong to another user (id ${statSync(folder).uid}). ` +
        'Start as that user, or choose another folder by DSPY_NEST_HOME.',
    );
  }
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    chownSync(join(folder, name), owner.uid, owner.gid);
  }
  chownSync(folder, owner.uid, owner.gid);
}

async function hasDatabase(url: string): Promise<boolean> {
  return withClient(url, async (client) => {
    const found = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`create database ${DATABASE}`);
    return true;
  });
}

async function withClient<T>(connectionString: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findFreePort, waitUntil } from '@dspy-nest/embedded';
import { Client } from 'pg';
import { temporaryFolder } from './temporary-folder';

const READY = { timeoutMs: 120_000, intervalMs: 100 };
const running: ChildProcess[] = [];

/** The whole suite as `npm start` runs it. */
export interface Suite {
  readonly process: ChildProcess;
  readonly home: string;
  readonly url: string;
  readonly output: { stdout: string; stderr: string };
  /** The processes of the suite that live now. */
  identities(): string[];
}

/** Starts the suite as `npm start` does after the installation. */
export async function startSuite(
  args: string[],
  env: NodeJS.ProcessEnv = {},
  home = temporaryFolder(),
): Promise<Suite> {
  const port = env.PORT ?? String(await findFreePort());
  const program = ['--import', './scripts/register-typescript.mjs', 'scripts/start/main.ts', ...args];
  const child = spawn(process.execPath, program, { env: { ...process.env, DSPY_NEST_HOME: home, PORT: port, ...env } });
  running.push(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  const identities = () =>
    readdirSync(join(home, 'run')).map((name) => readFileSync(join(home, 'run', name), 'utf8').trim());
  return { process: child, home, url: `http://127.0.0.1:${port}`, output, identities };
}

/** Waits until the suite has ended; resolves to its exit code. */
export async function exitOf(suite: Suite): Promise<unknown> {
  const [code] = (await once(suite.process, 'close')) as [unknown];
  return code;
}

/** Whether the suite comes up in time. */
export const isUp = (suite: Suite) => waitUntil(() => suite.output.stdout.includes('Ctrl-C stops everything.'), READY);

/** Runs statements where the suite keeps its rows, past its services, which know the address by their environment. */
export async function runInDatabase(suite: Suite, statements: string): Promise<void> {
  const pids = suite.identities().map((identity) => Number.parseInt(identity, 10));
  const environments = pids.map((pid) => readFileSync(`/proc/${pid}/environ`, 'utf8'));
  const [, connectionString] = /(?:^|\0)DATABASE_URL=([^\0]*)/.exec(environments.join('\0')) ?? [];
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await client.query(statements);
  } finally {
    await client.end();
  }
}

/** Kills what a test left running. */
export function killSuites(): void {
  for (const child of running.splice(0)) child.kill('SIGKILL');
}

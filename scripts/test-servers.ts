// Real servers for the tests of other libraries, as one process: the servers must end with the test run however it ends.
// Usage: node --import ./scripts/register-typescript.mjs scripts/test-servers.ts [--only postgres|nats|valkey]…
// Prints one JSON line {databaseUrl?, natsUrl?, redisUrl?} when all are ready; ends when its input closes or on SIGTERM.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { locateExecutables, startNats, startPostgres, startValkey, type EmbeddedServer } from '@dspy-nest/embedded';

const STARTERS = {
  postgres: { key: 'databaseUrl', start: startPostgres },
  nats: { key: 'natsUrl', start: startNats },
  valkey: { key: 'redisUrl', start: startValkey },
} as const;

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } });
const names = values.only ?? Object.keys(STARTERS);
const unknown = names.filter((name) => !(name in STARTERS));
if (unknown.length > 0) {
  console.error(`--only ${unknown.join(', ')} is not a server; allowed are ${Object.keys(STARTERS).join(', ')}`);
  process.exit(2);
}

const home = mkdtempSync(join(tmpdir(), 'dspy-nest-test-'));
const servers: EmbeddedServer[] = [];
const starting = startAll();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
process.stdin.on('end', () => void stop()).on('error', () => void stop());
process.stdin.resume();

void report();

async function report(): Promise<void> {
  try {
    process.stdout.write(`${JSON.stringify(await starting)}\n`);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
    await stop();
  }
}

async function startAll(): Promise<Record<string, string>> {
  const options = { home, executables: locateExecutables(process.cwd()) };
  const started = names.map(async (name) => {
    const { key, start } = STARTERS[name as keyof typeof STARTERS];
    const server = await start(options);
    servers.push(server);
    return [key, server.url] as const;
  });
  return Object.fromEntries(await Promise.all(started));
}

async function stop(): Promise<void> {
  await starting.catch(() => undefined);
  await Promise.all(servers.map((server) => server.child.stop()));
  rmSync(home, { recursive: true, force: true });
  process.exit();
}

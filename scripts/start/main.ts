// Runs the whole suite on this machine: servers, services, workers, model. It is the one owner of signals and of the order
// of stopping; without it each process would drain into servers that are already gone.
import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { tryLock } from '../bootstrap/setup-lock.mjs';
import { describeRun, runDemo, seedDemo } from './demo';
import { checkPortIsFree } from './gateway-port';
import { waitForReady } from './gateway-client';
import { LocalStack, natsUrlFile } from './local-stack';
import { parseStartArguments, type StartArguments } from './start.arguments';
import { gatewayUrl, readStartConfig, type StartConfig } from './start.config';
import { untilStopRequested } from './stop-request';

const READY_TIMEOUT_MS = 180_000;

void main().then(
  (code) => process.exit(code),
  (error: Error & { code?: string }) => {
    const expected = typeof error.code === 'string' && !error.code.startsWith('ERR_');
    process.stderr.write(`\n${expected ? error.message : error.stack}\n`);
    process.exit(1);
  },
);

async function main(): Promise<number> {
  const startedAtMs = Date.now();
  const args = parseStartArguments(process.argv.slice(2));
  const root = process.cwd();
  const config = readStartConfig(process.env, root);
  const say = (text: string) => void (args.json ? process.stderr : process.stdout).write(`${text}\n`);
  await lockHome(config.home);
  await checkPortIsFree(config.host, config.port);
  const stack = new LocalStack(config, root, (text) => process.stderr.write(`${text}\n`));
  // Its children end with it: each has a death signal.
  const stopRequested = untilStopRequested(() => process.exit(1));
  const ended = new AbortController();
  try {
    const work = workWith(stack, { args, config, say, startedAtMs, ended: ended.signal });
    const code = await Promise.race([work, stopRequested, stack.brokenStart]);
    if (typeof code === 'number') return code;
    say('Stopping …');
    await stack.stop({ inHaste: code === 'parent-gone' });
    return 0;
  } finally {
    ended.abort();
    await stack.stop();
  }
}

async function lockHome(home: string): Promise<void> {
  makeHome(home);
  const { release, holder } = await tryLock('home', home);
  if (release) return;
  const message = `${home} is in use by process ${holder}. Stop that one, or choose another folder: DSPY_NEST_HOME=… npm start`;
  throw Object.assign(new Error(message), { code: 'home_in_use' });
}

function makeHome(home: string): void {
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    accessSync(home, constants.W_OK);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    const message = `DSPY_NEST_HOME is ${home}, which cannot be used (${reason}); allowed is a folder that the present user may write.`;
    throw Object.assign(new Error(message), { code: 'home_unusable' });
  }
}

interface Work {
  readonly args: StartArguments;
  readonly config: StartConfig;
  readonly say: (text: string) => void;
  readonly startedAtMs: number;
  readonly ended: AbortSignal;
}

/** Brings the suite up and runs the demo; with --once it ends with the exit code, otherwise never. */
async function workWith(stack: LocalStack, { args, config, say, startedAtMs, ended }: Work): Promise<number> {
  const gateway = gatewayUrl(config);
  say('Starting servers, services, workers and the model …');
  await stack.start();
  const scope = config.workers === 0 ? '?scope=gateway' : '';
  await waitForReady(`${gateway}/readyz${scope}`, { timeoutMs: READY_TIMEOUT_MS, signal: ended });
  stack.markReady();
  say(`Ready after ${((Date.now() - startedAtMs) / 1000).toFixed(1)} s.`);
  const succeeded = args.empty ? true : await demonstrate(gateway, { args, config, say });
  if (args.once) return succeeded ? 0 : 1;
  say(whereToGo(gateway, config.home));
  return new Promise<never>(() => undefined);
}

async function demonstrate(
  gateway: string,
  { args, config, say }: Pick<Work, 'args' | 'config' | 'say'>,
): Promise<boolean> {
  await seedDemo(gateway);
  if (config.workers === 0) {
    const join = `NATS_URL=$(cat ${natsUrlFile(config.home)}) PYTHONPATH=python-worker/src .venv/bin/python -m dspy_worker`;
    say(`DSPY_NEST_WORKERS=0: the demo is not run. Executions are done when a worker joins:\n  ${join}`);
    return false;
  }
  const runs = await runDemo(gateway);
  say(`The demo, on real DSPy:\n${runs.map(describeRun).join('\n')}`);
  if (args.json) process.stdout.write(`${JSON.stringify(runs.at(-1)?.execution)}\n`);
  return runs.every(({ execution }) => execution.status === 'succeeded');
}

function whereToGo(gateway: string, home: string): string {
  return `
  REST      ${gateway}/v1
  GraphQL   ${gateway}/graphql
  Docs      ${gateway}/docs
  Readiness ${gateway}/readyz
  Logs      ${join(home, 'logs')}

Access control is OFF (DSPY_NEST_AUTH=off): whoever can reach ${gateway} can do everything.
Ctrl-C stops everything.`;
}

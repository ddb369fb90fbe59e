import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChildStartError, isAlive, waitUntil } from '@dspy-nest/embedded';
import { LocalStack } from '../start/local-stack';
import { listProcesses, type ProcessEntry } from '../start/process-list';
import { readStartConfig } from '../start/start.config';
import { removeTemporaryFolders, temporaryFolder } from './temporary-folder';

const RECORD_END = `process.on('SIGTERM', () => { require('fs').appendFileSync('order', NAME + ' '); process.exit(0); });`;
const STAY = `setInterval(() => {}, 1000); require('fs').writeFileSync(NAME + '.up', '');`;
const running: LocalStack[] = [];

/** A stack on servers of its own choice (none is started), with small Node programs in the place of services. */
function stackOf(programs: Record<string, { script: string; stopRank: number; stopGraceMs?: number }>) {
  const home = temporaryFolder();
  const own = { DATABASE_URL: 'postgres://x', NATS_URL: 'nats://x', REDIS_URL: 'redis://x', DSPY_NEST_HOME: home };
  const said: string[] = [];
  const stack = new LocalStack(readStartConfig(own, home), process.cwd(), (text) => said.push(text));
  const list = (): ProcessEntry[] =>
    Object.entries(programs).map(([name, { script, ...rest }]) => ({
      name,
      command: [process.execPath, '-e', `const NAME = '${name}'; ${script}`],
      env: {},
      cwd: home,
      ...rest,
    }));
  running.push(stack);
  const areUp = () =>
    waitUntil(() => Object.keys(programs).every((name) => existsSync(join(home, `${name}.up`))), { timeoutMs: 10_000 });
  const identities = () =>
    readdirSync(join(home, 'run')).map((name) => readFileSync(join(home, 'run', name), 'utf8').trim());
  return { stack, home, said, areUp, identities, start: () => stack.start(list) };
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((stack) => stack.stop({ inHaste: true })));
});
afterAll(removeTemporaryFolders);

describe('a local stack', () => {
  it('stops by rank, one after the other', async () => {
    const script = RECORD_END + STAY;
    const { stack, home, start, areUp, identities } = stackOf({
      last: { script, stopRank: 3 },
      first: { script, stopRank: 0 },
      middle: {
        script: `${RECORD_END.replace('process.exit(0)', 'setTimeout(() => process.exit(0), 300)')}${STAY}`,
        stopRank: 1,
      },
    });
    await start();
    expect(await areUp()).toBe(true);
    const started = identities();
    expect(started).toHaveLength(3);
    await stack.stop();
    expect(readFileSync(join(home, 'order'), 'utf8')).toBe('first middle last ');
    expect(started.filter(isAlive)).toEqual([]);
  });

  it('does not wait for stubborn processes when it stops in haste', async () => {
    const script = `process.on('SIGTERM', () => {}); ${STAY}`;
    const { stack, start, areUp, identities } = stackOf({ deaf: { script, stopRank: 0, stopGraceMs: 60_000 } });
    await start();
    expect(await areUp()).toBe(true);
    const started = identities();
    await stack.stop({ inHaste: true });
    expect(started.filter(isAlive)).toEqual([]);
  });

  it('ends the start when a process keeps ending, with the end of its log', async () => {
    const { stack, said, start } = stackOf({
      broken: { script: `console.error('no migration 7'); process.exit(4)`, stopRank: 0 },
    });
    await start();
    const error = await stack.brokenStart.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ChildStartError);
    expect((error as Error).message).toMatch(
      /broken ended with exit code 4, 3 times\. Its log is .*broken\.log\n {2}broken \| no migration 7/,
    );
    expect(said).toHaveLength(2);
  });

  it('goes on restarting and reporting once it was ready', async () => {
    const { stack, said, start } = stackOf({ weak: { script: `process.exit(4)`, stopRank: 0 } });
    await start();
    stack.markReady();
    expect(await waitUntil(() => said.length >= 4, { timeoutMs: 15_000 })).toBe(true);
    expect(said[0]).toMatch(/^weak ended with exit code 4; starting it again in 0\.25 s\. Its log is /);
    expect(said[3]).toContain('in 2 s');
  }, 20_000);

  it('keeps one secret key in its home and gives it to the registry', async () => {
    const given: (string | undefined)[] = [];
    const home = temporaryFolder();
    const env = { DATABASE_URL: 'postgres://x', NATS_URL: 'nats://x', REDIS_URL: 'redis://x', DSPY_NEST_HOME: home };
    for (let run = 0; run < 2; run += 1) {
      const stack = new LocalStack(readStartConfig(env, home), home, () => undefined);
      running.push(stack);
      await stack.start((surroundings, environment) => {
        given.push(
          listProcesses(surroundings, environment).find(({ name }) => name === 'registry')?.env.DSPY_NEST_SECRET_KEY,
        );
        return [];
      });
    }
    expect(Buffer.from(given[0] ?? '', 'base64')).toHaveLength(32);
    expect(given[1]).toBe(given[0]);
  });
});

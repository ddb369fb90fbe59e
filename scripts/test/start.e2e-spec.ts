import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { findFreePort, isAlive, waitUntil } from '@dspy-nest/embedded';
import { exitOf, isUp, killSuites, startSuite } from './running-suite';
import { removeTemporaryFolders, temporaryFolder } from './temporary-folder';

const PROMISED = { timeoutMs: 10_000 };
const COMING_BACK = { timeoutMs: 120_000 };

afterEach(killSuites);
afterAll(removeTemporaryFolders);
jest.setTimeout(180_000);

describe('npm start', () => {
  it('stays up, refuses a second on its home, stops in order on SIGTERM and answers by real DSPy on its data: --once --json', async () => {
    const suite = await startSuite([]);
    expect([await isUp(suite), suite.output.stderr]).toEqual([true, '']);
    const started = suite.identities();
    expect(started).toHaveLength(9);

    const second = await startSuite([], {}, suite.home);
    expect(await exitOf(second)).toBe(1);
    expect(second.output.stderr).toContain(`is in use by process ${suite.process.pid}`);

    suite.process.kill('SIGTERM');
    expect(await exitOf(suite)).toBe(0);
    expect(started.filter(isAlive)).toEqual([]);

    const again = await startSuite(['--once', '--json'], {}, suite.home);
    expect([await exitOf(again), again.output.stderr]).toEqual([0, expect.stringContaining('Ready after')]);
    const execution: unknown = JSON.parse(again.output.stdout.trimEnd().split('\n').at(-1) ?? '');
    expect(execution).toMatchObject({
      program: 'sentiment',
      status: 'succeeded',
      outputs: { sentiment: 'positive' },
      adapter: 'python',
    });
    expect(again.identities().filter(isAlive)).toEqual([]);
  });

  it('starts a killed service again and says so, and leaves no process when it is killed itself', async () => {
    const suite = await startSuite(['--empty']);
    expect(await isUp(suite)).toBe(true);
    process.kill(Number.parseInt(readFileSync(join(suite.home, 'run', 'registry.pid'), 'utf8'), 10), 'SIGKILL');
    expect(
      await waitUntil(() => suite.output.stderr.includes('registry was ended by SIGKILL; starting it again'), PROMISED),
    ).toBe(true);
    expect(await waitUntil(async () => (await fetch(`${suite.url}/readyz`)).status === 200, COMING_BACK)).toBe(true);
    const started = suite.identities();
    suite.process.kill('SIGKILL');
    expect(await waitUntil(() => started.every((identity) => !isAlive(identity)), PROMISED)).toBe(true);
  });

  it('comes up without workers and says that the demo is not run', async () => {
    const suite = await startSuite([], { DSPY_NEST_WORKERS: '0' });
    expect(await isUp(suite)).toBe(true);
    expect(suite.output.stdout).toContain('DSPY_NEST_WORKERS=0: the demo is not run.');
    expect((await fetch(`${suite.url}/readyz`)).status).toBe(503);
    suite.process.kill('SIGINT');
    expect(await exitOf(suite)).toBe(0);
  });

  it('names a home that cannot be used', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const suite = await startSuite([], {}, join(file, 'home'));
    expect(await exitOf(suite)).toBe(1);
    expect(suite.output.stderr).toContain(`DSPY_NEST_HOME is ${file}/home, which cannot be used (ENOTDIR)`);
  });

  it('names the port that is taken, and how to choose another, before anything is started', async () => {
    const other = createServer();
    const port = await findFreePort();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    const suite = await startSuite([], { PORT: String(port) });
    expect(await exitOf(suite)).toBe(1);
    expect(suite.output.stderr).toContain(
      `Port ${port} on 127.0.0.1 is taken by another program. Choose another: PORT=`,
    );
    expect(readdirSync(suite.home)).toEqual([]);
    await new Promise((resolve) => other.close(resolve));
  });
});

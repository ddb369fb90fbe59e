import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  ChildStartError,
  isAlive,
  processIdentity,
  SupervisedChild,
  waitUntil,
  type ChildCrash,
  type ChildSpec,
} from '../src/index';
import { removeTemporaryHomes, temporaryHome } from './temporary-home';

const started: SupervisedChild[] = [];

/** Runs `script` in a Node process; it tells that it is ready by making the file `ready` in its folder. */
function nodeChild(script: string, more: Partial<ChildSpec> = {}) {
  const home = more.home ?? temporaryHome();
  const crashes: ChildCrash[] = [];
  const child = new SupervisedChild({
    name: 'sample',
    command: [process.execPath, '-e', script],
    env: {},
    cwd: home,
    home,
    onCrash: (crash) => crashes.push(crash),
    isReady: async () => existsSync(join(home, 'ready')),
    ...more,
  });
  started.push(child);
  return { child, home, crashes };
}

const READY = `require('fs').writeFileSync('ready', ''); setInterval(() => {}, 1000);`;
const soon = { timeoutMs: 10_000 };

describe('a supervised child', () => {
  afterEach(async () => {
    await Promise.all(started.splice(0).map((child) => child.kill()));
  });
  afterAll(removeTemporaryHomes);

  it('is started when it is ready, not before', async () => {
    const { child, home } = nodeChild(`setTimeout(() => { ${READY} }, 200)`);
    await child.start();
    expect(existsSync(join(home, 'ready'))).toBe(true);
    expect(isAlive(processIdentity(child.pid ?? 0) ?? '')).toBe(true);
  });

  it('inherits nothing of the environment and writes to its own log', async () => {
    process.env.OF_THE_STARTER = 'secret';
    const { child } = nodeChild(`console.log(JSON.stringify(process.env)); console.error('e'); ${READY}`, {
      env: { A: '1' },
    });
    await child.start();
    expect(child.lastLines()).toEqual(['{"A":"1"}', 'e']);
  });

  it('is refused with the end of its log when it ends before it is ready', async () => {
    const { child } = nodeChild(`console.error('no such table'); process.exit(3)`);
    const error = await child.start().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ChildStartError);
    expect((error as Error).message).toContain('sample ended with exit code 3');
    expect((error as ChildStartError).lastLines).toEqual(['no such table']);
  });

  it('is refused when the program does not exist', async () => {
    const { child } = nodeChild('', { command: ['/nowhere/program'] });
    await expect(child.start()).rejects.toThrow(/sample (ended with exit code|could not be started)/);
  });

  it('is ended when it is not ready in time', async () => {
    const { child } = nodeChild('setInterval(() => {}, 1000)', { readyTimeoutMs: 300 });
    await expect(child.start()).rejects.toThrow('sample was not ready within 0.3 s');
    expect(child.pid).toBeUndefined();
  });

  it('is restarted and reported with its last lines when it ends by itself', async () => {
    const { child, crashes } = nodeChild(`console.log('run'); ${READY}`);
    await child.start();
    const first = child.pid ?? 0;
    process.kill(first, 'SIGKILL');
    expect(await waitUntil(() => child.pid !== undefined && child.pid !== first, soon)).toBe(true);
    expect(crashes).toEqual([
      { name: 'sample', reason: 'was ended by SIGKILL', logFile: child.logFile, lastLines: ['run'], restartInMs: 250 },
    ]);
  });

  it('waits longer before each further restart', async () => {
    const { child, crashes } = nodeChild(`setTimeout(() => process.exit(1), 50)`, { isReady: async () => true });
    await child.start();
    expect(await waitUntil(() => crashes.length >= 3, soon)).toBe(true);
    expect(crashes.slice(0, 3).map((crash) => crash.restartInMs)).toEqual([250, 500, 1000]);
  });

  it('is started afresh at once, without a report, when it renews itself', async () => {
    const { child, crashes } = nodeChild(`process.on('SIGUSR2', () => process.exit(0)); ${READY}`, {
      renewsItself: true,
    });
    await child.start();
    const first = child.pid ?? 0;
    await pause(1_100); // An end right after the start counts as a crash.
    process.kill(first, 'SIGUSR2');
    expect(await waitUntil(() => child.pid !== undefined && child.pid !== first, { timeoutMs: 200 })).toBe(true);
    expect(crashes).toEqual([]);
    process.kill(child.pid ?? 0, 'SIGKILL');
    expect(await waitUntil(() => crashes.length === 1, soon)).toBe(true);
    expect(crashes[0]).toMatchObject({ reason: 'was ended by SIGKILL', restartInMs: 250 });
  });

  it.each([
    ['ends with another exit code', 'setTimeout(() => process.exit(3), 1100)', 'ended with exit code 3'],
    ['ends in good order as soon as it starts', 'process.exit(0)', 'ended with exit code 0'],
  ])('has crashed when one that renews itself %s', async (_, script, reason) => {
    const { child, crashes } = nodeChild(script, { renewsItself: true, isReady: undefined });
    await child.start();
    expect(await waitUntil(() => crashes.length > 0, soon)).toBe(true);
    expect(crashes[0]).toMatchObject({ reason, restartInMs: 250 });
  });

  it('ends in good order by its signal and is not restarted', async () => {
    const script = `process.on('SIGINT', () => { console.log('bye'); process.exit(0); }); ${READY}`;
    const { child, crashes } = nodeChild(script, { stopSignal: 'SIGINT' });
    await child.start();
    await child.stop();
    expect(readFileSync(child.logFile, 'utf8')).toBe('bye\n');
    expect(child.pid).toBeUndefined();
    expect(crashes).toEqual([]);
  });

  it('is killed when it does not end in its grace time', async () => {
    const { child } = nodeChild(`process.on('SIGTERM', () => console.log('no')); ${READY}`, { stopGraceMs: 200 });
    await child.start();
    const identity = processIdentity(child.pid ?? 0) ?? '';
    await child.stop();
    expect(child.lastLines()).toEqual(['no']);
    expect(isAlive(identity)).toBe(false);
  });

  it('takes its own children with it', async () => {
    const { child, home } = nodeChild(
      `const { pid } = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
       require('fs').writeFileSync('grandchild', String(pid)); ${READY}`,
    );
    await child.start();
    const identity = processIdentity(Number(readFileSync(join(home, 'grandchild'), 'utf8'))) ?? 'none';
    expect(isAlive(identity)).toBe(true);
    await child.stop();
    expect(await waitUntil(() => !isAlive(identity), soon)).toBe(true);
  });

  it('can be stopped while it waits for its restart, and started again', async () => {
    const { child, crashes, home } = nodeChild(`if (!require('fs').existsSync('stay')) process.exit(1); ${READY}`, {
      isReady: async () => true,
    });
    await child.start();
    expect(await waitUntil(() => crashes.length === 3, soon)).toBe(true);
    await child.stop();
    expect(child.pid).toBeUndefined();
    writeFileSync(join(home, 'stay'), '');
    await child.start();
    expect(await waitUntil(() => existsSync(join(home, 'ready')), soon)).toBe(true);
  });

  it('ends what an earlier run left behind before it starts', async () => {
    const { child: earlier, home } = nodeChild(`process.on('SIGTERM', () => {}); ${READY}`);
    await earlier.start();
    const identity = processIdentity(earlier.pid ?? 0) ?? '';
    const { child } = nodeChild(READY, { home });
    await child.start();
    expect(isAlive(identity)).toBe(false);
  });
});

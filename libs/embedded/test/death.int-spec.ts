import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { isAlive, processIdentity, waitUntil } from '../src/index';
import { removeTemporaryHomes, temporaryHome } from './temporary-home';

// Ten seconds are promised; the ways used here take one or two.
const PROMISED = { timeoutMs: 10_000 };
const running: ChildProcess[] = [];

/** Starts all servers by a process of their own, whose temporary files go to `folder`. */
async function startServers(path = process.env.PATH): Promise<{ starter: ChildProcess; folder: string; urls: object }> {
  const folder = temporaryHome();
  const args = ['--import', './scripts/register-typescript.mjs', 'scripts/test-servers.ts'];
  const env = { ...process.env, PATH: path, TMPDIR: folder };
  const starter = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
  running.push(starter);
  const lines = createInterface({ input: starter.stdout });
  const [line] = (await Promise.race([once(lines, 'line'), once(starter, 'exit').then(() => ['"ended early"'])])) as [
    string,
  ];
  return { starter, folder, urls: JSON.parse(line) as object };
}

/** The identities of all processes started by `pid`, directly or not. */
function descendants(pid: number): string[] {
  const parents = new Map(processes().map((id) => [id, parentOf(id)]));
  const below = (parent: number): number[] =>
    [...parents].filter(([, its]) => its === parent).flatMap(([id]) => [id, ...below(id)]);
  return below(pid).flatMap((id) => processIdentity(id) ?? []);
}

function processes(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}

/** A PATH with every program of the present one except `hidden`. */
function pathWithout(...hidden: string[]): string {
  const home = temporaryHome();
  const bin = join(home, 'bin');
  mkdirSync(bin);
  chmodSync(home, 0o755);
  for (const folder of (process.env.PATH ?? '').split(delimiter).filter((each) => existsSync(each))) {
    for (const name of readdirSync(folder).filter((each) => !hidden.includes(each) && !existsSync(join(bin, each)))) {
      symlinkSync(join(folder, name), join(bin, name));
    }
  }
  return bin;
}

const allGone = (identities: string[]) => () => identities.every((identity) => !isAlive(identity));

afterEach(() => {
  for (const starter of running.splice(0)) starter.kill('SIGKILL');
});
afterAll(removeTemporaryHomes);
jest.setTimeout(60_000);

describe('the servers', () => {
  it.each([
    ['by the kernel', () => process.env.PATH],
    ['by the watchdog where there is no setpriv', () => pathWithout('setpriv')],
  ])('end when their starter is killed: %s', async (_, path) => {
    const { starter, urls } = await startServers(path());
    expect(Object.keys(urls).sort()).toEqual(['databaseUrl', 'natsUrl', 'redisUrl']);
    const started = descendants(starter.pid ?? 0);
    expect(started.length).toBeGreaterThanOrEqual(3);
    starter.kill('SIGKILL');
    expect(await waitUntil(allGone(started), PROMISED)).toBe(true);
  });

  it.each([
    ['its input ends', (starter: ChildProcess) => void starter.stdin?.end()],
    ['SIGTERM', (starter: ChildProcess) => void starter.kill('SIGTERM')],
  ])('end with their starter in good order and leave no file: %s', async (_, end) => {
    const { starter, folder } = await startServers();
    const started = descendants(starter.pid ?? 0);
    end(starter);
    expect(await once(starter, 'exit')).toEqual([0, null]);
    expect(await waitUntil(allGone(started), PROMISED)).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('never run the database as root, also where no user namespace can be made', async () => {
    const before = reachableFolders();
    const { starter } = await startServers(pathWithout('unshare'));
    const postgres = descendants(starter.pid ?? 0).filter((identity) => commandOf(identity).includes('/postgres -D'));
    expect(postgres.map(userOf)).not.toContain(0);
    expect(postgres).toHaveLength(1);
    starter.stdin?.end();
    await once(starter, 'exit');
    for (const name of reachableFolders().filter((each) => !before.includes(each))) {
      rmSync(join('/var/lib/dspy-nest', name), { recursive: true });
    }
  });
});

// Where root keeps what another account must be able to enter; an ordinary user has no such folder.
function reachableFolders(): string[] {
  return existsSync('/var/lib/dspy-nest') ? readdirSync('/var/lib/dspy-nest') : [];
}

function commandOf(identity: string): string {
  return readFileSync(`/proc/${Number.parseInt(identity, 10)}/cmdline`, 'utf8').replaceAll('\0', ' ');
}

function userOf(identity: string): number {
  const status = readFileSync(`/proc/${Number.parseInt(identity, 10)}/status`, 'utf8');
  return Number(/^Uid:\s+(\d+)/m.exec(status)?.[1]);
}

import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitUntil } from '@dspy-nest/embedded';
import { FakeClone, type LauncherRun } from './fake-clone';
import { removeTemporaryFolders } from './temporary-folder';

const PROGRAM = ['run', 'program.ts', '--flag'];
const SOON = { timeoutMs: 10_000 };
const INSTALLATION = [
  'npm ci',
  'venv',
  'pip',
  expect.stringContaining('--require-hashes --no-python-downloads --no-build python-worker/requirements/runtime.txt'),
  'build',
];

async function failure(run: LauncherRun): Promise<string> {
  expect(await run.exitCode()).toBe(1);
  expect(run.output.stderr).not.toMatch(/^\s+at /m);
  return run.output.stderr;
}

afterAll(removeTemporaryFolders);
jest.setTimeout(60_000);

describe('the launcher', () => {
  it('installs all there is, tells each step and its time, and goes on with the program', async () => {
    const clone = new FakeClone();
    const run = clone.run(PROGRAM);
    expect([await run.exitCode(), run.output.stdout]).toEqual([0, '["--flag"]\n']);
    expect(clone.calls).toEqual(INSTALLATION);
    expect(run.output.stderr).toMatch(/\[1\/3\] Node packages … \d+\.\d s\n[^]*\[3\/3\] Services … \d+\.\d s/);
  });

  it('does nothing twice', async () => {
    const clone = new FakeClone();
    await clone.run(PROGRAM).exitCode();
    const again = clone.run(PROGRAM);
    expect(await again.exitCode()).toBe(0);
    expect(clone.calls).toHaveLength(INSTALLATION.length);
    expect(again.output.stderr.match(/up to date/g)).toHaveLength(3);
  });

  it.each([
    ['a source changed', 'build', (clone: FakeClone) => clone.writeSource('export const one = 2;')],
    ['dist was removed', 'build', (clone: FakeClone) => rmSync(join(clone.root, 'dist'), { recursive: true })],
    [
      'the lockfile changed',
      'npm ci',
      (clone: FakeClone) => writeFileSync(join(clone.root, 'package-lock.json'), '{}'),
    ],
    [
      'a Python requirement changed',
      'pip',
      (clone: FakeClone) => writeFileSync(join(clone.root, 'python-worker/requirements/runtime.txt'), 'dspy==3.4.2'),
    ],
  ])('does again what is needed when %s', async (_, call, change) => {
    const clone = new FakeClone();
    await clone.run(PROGRAM).exitCode();
    change(clone);
    expect(await clone.run(PROGRAM).exitCode()).toBe(0);
    expect(clone.calls[INSTALLATION.length]).toBe(call);
  });

  it('makes the Python environment anew when the folder was moved', async () => {
    const clone = new FakeClone();
    await clone.run(PROGRAM).exitCode();
    writeFileSync(join(clone.root, '.venv', 'pyvenv.cfg'), 'command = /elsewhere/.venv');
    expect(await clone.run(PROGRAM).exitCode()).toBe(0);
    expect(clone.calls.slice(INSTALLATION.length)).toEqual(['venv', 'pip', INSTALLATION[3]]);
  });

  it('goes on after an interrupted installation, and its killed installer does not live on', async () => {
    const clone = new FakeClone();
    const interrupted = clone.run(PROGRAM, { MODE: 'npm-hangs' });
    expect(await waitUntil(() => clone.isHanging, SOON)).toBe(true);
    interrupted.process.kill('SIGKILL');
    await interrupted.exitCode();
    expect(await clone.run(PROGRAM).exitCode()).toBe(0);
    expect(clone.calls).toEqual(['npm ci', ...INSTALLATION]);
  });

  it('stops installing on SIGTERM', async () => {
    const clone = new FakeClone();
    const run = clone.run(PROGRAM, { MODE: 'npm-hangs' });
    expect(await waitUntil(() => clone.isHanging, SOON)).toBe(true);
    run.process.kill('SIGTERM');
    expect(await run.exitCode()).toBe(143);
    expect(run.output.stderr).toContain('Stopped by SIGTERM');
  });

  it('waits for another installation in the same folder', async () => {
    const clone = new FakeClone();
    const first = clone.run(PROGRAM, { MODE: 'npm-hangs' });
    expect(await waitUntil(() => clone.isHanging, SOON)).toBe(true);
    const second = clone.run(PROGRAM);
    const waits = () => second.output.stderr.includes(`Process ${first.process.pid} is installing in this folder`);
    expect(await waitUntil(waits, SOON)).toBe(true);
    expect(clone.calls).toEqual(['npm ci']);
    first.process.kill('SIGKILL');
    expect(await second.exitCode()).toBe(0);
    expect(clone.calls).toEqual(['npm ci', ...INSTALLATION]);
  });

  it('ends as its program ends and passes signals on', async () => {
    const clone = new FakeClone();
    writeFileSync(
      join(clone.root, 'waiting.ts'),
      `process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1000); console.log('up');`,
    );
    const run = clone.run(['run', 'waiting.ts']);
    expect(await waitUntil(() => run.output.stdout === 'up\n', SOON)).toBe(true);
    run.process.kill('SIGTERM');
    expect(await run.exitCode()).toBe(7);
  });

  it('takes the flags that npm keeps when `--` was forgotten', async () => {
    const clone = new FakeClone();
    const program = join(clone.root, 'scripts', 'start');
    mkdirSync(program);
    writeFileSync(join(program, 'main.ts'), `console.log(process.argv.slice(2).join(' '));`);
    const run = clone.run(['start', '--json'], { npm_config_once: 'true', npm_config_json: 'true' });
    expect([await run.exitCode(), run.output.stdout]).toEqual([0, '--json --once\n']);
  });
});

describe('the launcher says what is wrong and how to mend it:', () => {
  it('an unknown command', async () => {
    const run = new FakeClone().run(['strat']);
    expect(await run.exitCode()).toBe(2);
    expect(run.output.stderr).toContain('There is no command strat; allowed are start, test, check, build, run.');
  });

  it('no Python', async () => {
    const text = await failure(new FakeClone({ without: ['python3'] }).run(PROGRAM));
    expect(text).toMatch(/There is no Python on the PATH\. Install Python 3\.11, 3\.12 or 3\.13/);
  });

  it.each(['3.10', '3.14'])('an unsuitable Python %s', async (version) => {
    const text = await failure(new FakeClone().run(PROGRAM, { FAKE_PYTHON_VERSION: version }));
    expect(text).toContain(`No suitable Python: python3 is ${version}. Install Python 3.11, 3.12 or 3.13`);
  });

  it('a Python without venv', async () => {
    const text = await failure(new FakeClone().run(PROGRAM, { MODE: 'no-venv' }));
    expect(text).toContain(
      'Python 3.11 has no module venv with ensurepip. On Debian and Ubuntu: apt install python3-venv.',
    );
  });

  it('no network, without waiting for the installer to notice', async () => {
    const startedAtMs = Date.now();
    const clone = new FakeClone();
    const text = await failure(clone.run(PROGRAM, { FAKE_REGISTRY: 'https://registry.invalid/', MODE: 'npm-fails' }));
    expect(text).toContain('Node packages: registry.invalid cannot be reached and something must be downloaded.');
    expect(Date.now() - startedAtMs).toBeLessThan(10_000);
  });

  it.each([
    ['a full disk', 'npm error ENOSPC: no space left on device', 'the disk is full. Free about 2.5 GB'],
    ['a network that fails on the way', 'npm error code EAI_AGAIN', 'cannot be reached'],
    ['files of another user', 'npm error EACCES: permission denied, mkdir', 'a file may not be written'],
    [
      'anything else, in the words of the tool',
      'npm error EUSAGE lockfile',
      'Node packages failed (exit code 1):\nnpm error EUSAGE lockfile',
    ],
  ])('%s', async (_, output, message) => {
    expect(await failure(new FakeClone().run(PROGRAM, { MODE: 'npm-fails', FAKE_OUTPUT: output }))).toContain(message);
  });

  it('a folder that may not be written', async () => {
    const clone = new FakeClone();
    chmodSync(clone.root, 0o555);
    // Root may write everywhere, so there the launcher runs as another user.
    const account = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const text = await failure(clone.run(PROGRAM, {}, account));
    chmodSync(clone.root, 0o755);
    expect(text).toContain(`${clone.root} may not be written by the present user.`);
  });
});

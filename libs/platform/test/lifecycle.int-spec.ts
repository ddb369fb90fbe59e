import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const NODE = [
  process.execPath,
  '--no-warnings',
  '--import',
  './scripts/register-typescript.mjs',
  '--input-type=module',
  '--eval',
];

/** A process that says "ready", then lives until `runUntilSignal` ends it; `close` is the body of the app's close(). */
const program = (close: string, after = ''): string => `
  import { runUntilSignal } from './libs/platform/src/lifecycle.ts';
  const say = (record, text) => console.log(text);
  runUntilSignal({ close: async () => { ${close} } }, { info: say, error: say, fatal: say }, { graceMs: 300 });
  setInterval(() => {}, 1000);
  console.log('ready ' + process.pid);
  ${after}`;

const children: ChildProcess[] = [];

function start(command: string[]): {
  child: ChildProcess;
  lines: string[];
  ready: Promise<number>;
  output: Promise<unknown>;
} {
  const child = spawn(command[0]!, command.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const lines: string[] = [];
  const reader = createInterface(child.stdout);
  const ready = new Promise<number>((resolve) => {
    reader.on('line', (line) => {
      lines.push(line);
      if (line.startsWith('ready ')) resolve(Number(line.slice('ready '.length)));
    });
  });
  return { child, lines, ready, output: once(reader, 'close') };
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

describe('runUntilSignal', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('closes the app on %s and exits with 0', async (signal) => {
    const { child, lines, ready, output } = start([...NODE, program(`console.log('closed');`)]);
    await ready;
    child.kill(signal);
    const [[code]] = await Promise.all([once(child, 'exit'), output]);
    expect(code).toBe(0);
    expect(lines.filter((line) => line === 'closed')).toHaveLength(1);
  });

  it('closes once, however often it is told', async () => {
    const close = `console.log('closed'); await new Promise((resolve) => setTimeout(resolve, 100));`;
    const { child, lines, ready, output } = start([...NODE, program(close)]);
    await ready;
    child.kill('SIGTERM');
    child.kill('SIGINT');
    const [[code]] = await Promise.all([once(child, 'exit'), output]);
    expect([code, lines.filter((line) => line === 'closed').length]).toEqual([0, 1]);
  });

  it.each([
    ['fails', `throw new Error('no');`, 'Stopping failed.'],
    ['takes too long', 'await new Promise(() => {});', 'Stopping took too long; exiting without the rest.'],
  ])('exits with 1 when closing %s', async (_name, close, says) => {
    const { child, lines, ready, output } = start([...NODE, program(close)]);
    await ready;
    child.kill('SIGTERM');
    const [[code]] = await Promise.all([once(child, 'exit'), output]);
    expect(code).toBe(1);
    expect(lines).toContain(says);
  });

  it('closes the app and exits with 1 after an error that nobody handled', async () => {
    const { child, lines, output } = start([
      ...NODE,
      program(`console.log('closed');`, `Promise.reject(new Error('a bug'));`),
    ]);
    const [[code]] = await Promise.all([once(child, 'exit'), output]);
    expect(code).toBe(1);
    expect(lines).toContain('closed');
  });

  it('ends when its parent is killed', async () => {
    const { child, lines, ready, output } = start([
      '/bin/sh',
      '-c',
      '"$@" & wait',
      'sh',
      ...NODE,
      program(`console.log('closed');`),
    ]);
    const pid = await ready;
    expect(pid).not.toBe(child.pid);
    child.kill('SIGKILL');
    await output;
    expect(lines).toContain('closed');
  });
});

import { once } from 'node:events';
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

const LAST_OUTPUT_CHARS = 4_000;
const STOP_TIMEOUT_MS = 60_000;

/** A process of the benchmark ended otherwise than it should. */
export class BenchProcessError extends Error {
  readonly code = 'bench_process';
}

/** A started process, with the end of what it wrote to stderr. */
export interface Started {
  readonly child: ChildProcess;
  readonly lastErrors: () => string;
}

/** The processes of one run of the benchmark, which leaves none behind. */
export class ChildProcesses {
  private readonly children: ChildProcess[] = [];

  /** Starts a program; its stdin stays open until it is stopped, by which it can tell that the benchmark is gone. */
  start([program = '', ...args]: readonly string[], env: NodeJS.ProcessEnv): Started {
    const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.children.push(child);
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-LAST_OUTPUT_CHARS)));
    child.on('error', (error) => (errors += error.message));
    return { child, lastErrors: () => errors.trim() };
  }

  /** Ends all with SIGTERM, the last started first, and waits for each; one that hangs is killed after a minute. */
  async stop(): Promise<void> {
    for (const child of this.children.toReversed()) await stopChild(child);
  }
}

/** The first line of stdout that is a JSON object, parsed; throws BenchProcessError when the process ends without one. */
export async function readJsonLine({ child, lastErrors }: Started): Promise<unknown> {
  if (child.stdout === null) throw new BenchProcessError('The process has no output that could be read.');
  for await (const line of createInterface({ input: child.stdout })) if (line.startsWith('{')) return JSON.parse(line);
  throw new BenchProcessError(`${child.spawnargs.slice(0, 2).join(' ')} ended without a result:\n${lastErrors()}`);
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.stdout?.resume();
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(late);
}

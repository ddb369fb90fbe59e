import { once } from 'node:events';
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { BenchProcessError } from '../bench.errors';

const LAST_OUTPUT_CHARS = 4_000;
const STOP_TIMEOUT_MS = 60_000;

/** A process of the benchmark: what it prints as JSON lines on stdout, and the end of what it wrote to stderr. */
export class BenchProcess {
  readonly child: ChildProcess;
  private errors = '';
  private readonly lines: AsyncIterator<string>;

  constructor([program = '', ...args]: readonly string[], env: NodeJS.ProcessEnv) {
    // By its input, which stays open until it is stopped, it can tell that the benchmark is gone.
    const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    child.stderr.on(
      'data',
      (bytes: Buffer) => (this.errors = (this.errors + bytes.toString()).slice(-LAST_OUTPUT_CHARS)),
    );
    child.on('error', (error) => (this.errors += error.message));
    // What is written to a process that has just ended is lost; that it has ended is seen by what it prints.
    child.stdin.on('error', () => undefined);
    this.child = child;
    this.lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  get pid(): number {
    if (this.child.pid === undefined) throw this.failure('was not started');
    return this.child.pid;
  }

  /** The next line that is a JSON object; rejects with BenchProcessError when the process ends without one. */
  async nextJson(): Promise<unknown> {
    for (let line = await this.lines.next(); line.done !== true; line = await this.lines.next()) {
      if (line.value.startsWith('{')) return JSON.parse(line.value);
    }
    throw this.failure('ended without a result');
  }

  /** Gives the process one line of JSON. */
  send(content: object): void {
    this.child.stdin?.write(`${JSON.stringify(content)}\n`);
  }

  /** An error with the end of what the process wrote to stderr. */
  failure(what: string): BenchProcessError {
    return new BenchProcessError(`${this.child.spawnargs.slice(0, 4).join(' ')} ${what}:\n${this.errors.trim()}`);
  }

  /** Ends the process with SIGTERM and waits for that; one that hangs is killed after a minute. */
  async stop(): Promise<void> {
    const { child } = this;
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.stdout?.resume();
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(late);
  }
}

/** The processes of one run of the benchmark, which leaves none behind. */
export class ChildProcesses {
  private readonly started: BenchProcess[] = [];

  /** Starts a program. */
  start(command: readonly string[], env: NodeJS.ProcessEnv): BenchProcess {
    const started = new BenchProcess(command, env);
    this.started.push(started);
    return started;
  }

  /** Ends all, the last started first. */
  async stop(): Promise<void> {
    for (const each of this.started.toReversed()) await each.stop();
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { backOffMs } from './back-off';
import { deathSignal } from './death-signal';
import { ChildStartError } from './errors';
import { capLog, lastLogLines, logSize, openLog } from './log-file';
import { isAlive, processIdentity } from './process-identity';
import { writePrivateFile } from './secret-file';
import { waitUntil } from './wait-until';

const REPORTED_LINES = 15;
const LOG_CHECK_MS = 30_000;
const HEALTHY_AFTER_MS = 60_000;
const CLEAN_END = 'ended with exit code 0';
// One that ends in good order as soon as it starts would keep a core busy with starts.
const RENEWAL_AFTER_MS = 1_000;

/** What to run and how to treat it. */
export interface ChildSpec {
  /** Unique in `home`; names the log. */
  readonly name: string;
  /** Program and arguments. */
  readonly command: readonly string[];
  /** Put before the command, outside of what sets the death signal: a change of user clears that. */
  readonly commandPrefix?: readonly string[];
  /** The whole environment of the process: nothing is inherited. */
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Holds `logs/<name>.log` and `run/<name>.pid`. */
  readonly home: string;
  /** Whether the process can be used; without it a process that was spawned counts as ready. */
  readonly isReady?: () => Promise<boolean>;
  readonly readyTimeoutMs?: number;
  /** Asks the process to end in good order. */
  readonly stopSignal?: NodeJS.Signals;
  /** How long it may take for that before it is killed. */
  readonly stopGraceMs?: number;
  /** What the process gets when its starter is killed. */
  readonly deathSignal?: NodeJS.Signals;
  /** Whether it ends itself in good order (exit code 0) to be started afresh: then at once, and that is no crash. */
  readonly renewsItself?: boolean;
  /** The account to run as, when not the starter's. */
  readonly account?: { readonly uid: number; readonly gid: number };
  /** Told about each unexpected end, before the restart. */
  readonly onCrash?: (crash: ChildCrash) => void;
}

/** An unexpected end of a supervised process. */
export interface ChildCrash {
  readonly name: string;
  readonly reason: string;
  readonly logFile: string;
  readonly lastLines: readonly string[];
  readonly restartInMs: number;
}

/** One process that is kept alive: restarted with back-off when it ends by itself, stopped only by `stop` or `kill`. */
export class SupervisedChild {
  readonly name: string;
  readonly logFile: string;
  private readonly spec: ChildSpec;
  private readonly pidFile: string;
  private process: ChildProcess | undefined;
  private exited: Promise<string> = Promise.resolve('never started');
  private supervision: Promise<void> = Promise.resolve();
  private wanted = false;
  private logOffset = 0;
  private logTimer: NodeJS.Timeout | undefined;
  private sleep = new AbortController();

  constructor(spec: ChildSpec) {
    this.name = spec.name;
    this.spec = spec;
    this.logFile = join(spec.home, 'logs', `${spec.name}.log`);
    this.pidFile = join(spec.home, 'run', `${spec.name}.pid`);
  }

  /** The id of the running process; undefined between two runs. */
  get pid(): number | undefined {
    return this.process?.pid;
  }

  /** Starts the process and waits until it is ready; throws ChildStartError when it ends before or takes too long. */
  async start(): Promise<void> {
    if (this.wanted) return;
    this.wanted = true;
    this.sleep = new AbortController();
    try {
      await this.endLeftover();
      await this.launch();
    } catch (error) {
      await this.kill();
      throw error;
    }
    this.supervision = this.keepAlive();
  }

  /** Ends the process in good order, and by force after the grace time; it is not restarted. */
  async stop(graceMs = this.spec.stopGraceMs ?? 10_000): Promise<void> {
    await this.end(this.spec.stopSignal ?? 'SIGTERM', graceMs);
  }

  /** Ends the process at once, as a power cut would; it is not restarted. */
  async kill(): Promise<void> {
    await this.end('SIGKILL', 0);
  }

  /** The end of what the present run of the process wrote. */
  lastLines(count = REPORTED_LINES): string[] {
    return lastLogLines(this.logFile, count, this.logOffset);
  }

  private async end(signal: NodeJS.Signals, graceMs: number): Promise<void> {
    this.wanted = false;
    this.sleep.abort();
    clearInterval(this.logTimer);
    this.logTimer = undefined;
    this.process?.kill(signal);
    const timer = setTimeout(() => this.process?.kill('SIGKILL'), graceMs);
    await this.exited;
    clearTimeout(timer);
    // Else a start right after would meet the end of the old supervision, which would start a second process.
    await this.supervision;
  }

  private async launch(): Promise<void> {
    this.spawn();
    const { isReady, readyTimeoutMs = 30_000 } = this.spec;
    if (isReady === undefined) return;
    let ended: string | undefined;
    void this.exited.then((reason) => (ended = reason));
    const settled = await waitUntil(async () => ended !== undefined || (await isReady()), {
      timeoutMs: readyTimeoutMs,
    });
    if (ended !== undefined) throw this.startError(ended);
    if (!settled) throw this.startError(`was not ready within ${readyTimeoutMs / 1000} s`);
  }

  private spawn(): void {
    this.logOffset = logSize(this.logFile);
    const log = openLog(this.logFile);
    const signal = this.spec.deathSignal ?? 'SIGKILL';
    const { command, commandPrefix = [] } = this.spec;
    const [program = '', ...args] = [...commandPrefix, ...deathSignal().wrap(command, signal)];
    // A session of its own: Ctrl-C in a terminal must reach the supervisor only, which then stops its children in order.
    const options = { cwd: this.spec.cwd, env: this.spec.env, detached: true, ...this.spec.account };
    const child = spawn(program, args, { ...options, stdio: ['ignore', log, log] });
    closeSync(log);
    this.process = child;
    this.exited = this.untilExit(child);
    this.logTimer ??= setInterval(() => capLog(this.logFile), LOG_CHECK_MS).unref();
    if (child.pid !== undefined) this.record(child.pid, signal);
  }

  private untilExit(child: ChildProcess): Promise<string> {
    return new Promise((resolve) => {
      child.once('error', (error) => child.pid === undefined && resolve(`could not be started: ${error.message}`));
      child.once('exit', (code, signal) => {
        if (child.pid !== undefined) this.forget(child.pid);
        resolve(signal !== null ? `was ended by ${signal}` : code === 0 ? CLEAN_END : `ended with exit code ${code}`);
      });
    });
  }

  private async keepAlive(): Promise<void> {
    let restarts = 0;
    for (;;) {
      const startedAtMs = Date.now();
      const reason = await this.exited;
      if (!this.wanted) return;
      const livedMs = Date.now() - startedAtMs;
      const isRenewal = this.spec.renewsItself === true && reason === CLEAN_END && livedMs > RENEWAL_AFTER_MS;
      if (isRenewal || livedMs > HEALTHY_AFTER_MS) restarts = 0;
      if (!isRenewal) await this.backOff(reason, backOffMs(restarts++));
      if (!this.wanted) return;
      await this.launch().catch(() => this.process?.kill('SIGKILL'));
    }
  }

  private async backOff(reason: string, restartInMs: number): Promise<void> {
    const { name, logFile } = this;
    this.spec.onCrash?.({ name, reason, logFile, lastLines: this.lastLines(), restartInMs });
    await pause(restartInMs, undefined, { signal: this.sleep.signal }).catch(() => undefined);
  }

  private record(pid: number, signal: NodeJS.Signals): void {
    deathSignal().watch(pid, signal);
    mkdirSync(join(this.spec.home, 'run'), { recursive: true, mode: 0o700 });
    writePrivateFile(this.pidFile, `${processIdentity(pid) ?? ''}\n`);
  }

  private forget(pid: number): void {
    this.process = undefined;
    deathSignal().forget(pid);
    rmSync(this.pidFile, { force: true });
    killGroup(pid);
  }

  // After a kill of the last supervisor its children are ended by their death signal, which may take a moment; two
  // servers on one data folder would damage it.
  private async endLeftover(): Promise<void> {
    const identity = recordedIdentity(this.pidFile);
    if (identity === undefined || !isAlive(identity)) return;
    const gone = () => !isAlive(identity);
    if (await waitUntil(gone, { timeoutMs: 3_000 })) return;
    process.kill(Number.parseInt(identity, 10), 'SIGKILL');
    if (await waitUntil(gone, { timeoutMs: 3_000 })) return;
    throw this.startError(`of an earlier run (process ${Number.parseInt(identity, 10)}) cannot be ended`);
  }

  private startError(reason: string): ChildStartError {
    return new ChildStartError(this.name, reason, this.logFile, this.lastLines());
  }
}

function recordedIdentity(pidFile: string): string | undefined {
  try {
    return readFileSync(pidFile, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // No process of the group is left, which is what was wanted.
  }
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findFreePort } from '@dspy-nest/embedded';
import { waitForReady } from '../../start/gateway-client';
import type { BenchProcess, ChildProcesses } from '../processes/child-processes';
import type { ProcessWatch } from '../processes/process-watch';
import { KNOWN_MODEL } from '../workload';
import { temporaryHome } from './temporary-home';

const READY_TIMEOUT_MS = 180_000;
const WARNING = /"level": ?"?(warn|error|fatal|40|50|60)|\[(WRN|ERR)\]|\b(WARNING|ERROR|FATAL|PANIC):/;
const WARNINGS_SHOWN = 5;

/** The whole suite as `npm start` runs it, in a folder of its own. */
export class Suite {
  readonly port: number;
  readonly home: string;
  private readonly process: BenchProcess;

  private constructor(process: BenchProcess, { port, home }: { port: number; home: string }) {
    this.process = process;
    this.port = port;
    this.home = home;
  }

  /** Starts it on the model at `modelUrl` and waits until it is ready; throws BenchProcessError. */
  static async start(processes: ChildProcesses, modelUrl: string, own: NodeJS.ProcessEnv = {}): Promise<Suite> {
    const port = await findFreePort();
    const home = temporaryHome();
    const program = ['--import', './scripts/register-typescript.mjs', 'scripts/start/main.ts', '--empty'];
    const started = processes.start([process.execPath, ...program], {
      ...withoutSettings(process.env),
      PORT: String(port),
      DSPY_NEST_HOME: home,
      DSPY_NEST_LM_BASE_URL: modelUrl,
      DSPY_NEST_LM_MODEL: KNOWN_MODEL,
      DSPY_NEST_LM_API_KEY: 'bench',
      ...own,
    });
    started.child.stdout?.resume();
    const ended = new AbortController();
    started.child.once('exit', () => ended.abort());
    await waitForReady(`http://127.0.0.1:${port}/readyz`, { timeoutMs: READY_TIMEOUT_MS, signal: ended.signal });
    if (ended.signal.aborted) throw started.failure('ended before it was ready');
    return new Suite(started, { port, home });
  }

  /** Watches each of its processes under its own name, and what started them as `starter`. */
  watchedBy(watch: ProcessWatch): void {
    const folder = join(this.home, 'run');
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.pid'))) {
      watch.add(file.slice(0, -'.pid'.length), Number.parseInt(readFileSync(join(folder, file), 'utf8'), 10));
    }
    watch.add('starter', this.process.pid, { alone: true });
  }

  /** Settles as `work` does; when it fails, the error also says what the suite has logged last as a warning or an error. */
  async explaining<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (error instanceof Error) error.stack = `${error.stack}\n\nThe suite has logged:\n${this.lastWarnings()}`;
      throw error;
    }
  }

  private lastWarnings(): string {
    const folder = join(this.home, 'logs');
    const lines = readdirSync(folder).flatMap((file) =>
      readFileSync(join(folder, file), 'utf8')
        .split('\n')
        .filter((line) => WARNING.test(line))
        .slice(-WARNINGS_SHOWN)
        .map((line) => `${file}: ${line}`),
    );
    return lines.join('\n') || 'no warning';
  }

  /** Ends all of it and waits for that. */
  stop(): Promise<void> {
    return this.process.stop();
  }
}

/** Whatever the operator has set for a suite of their own is not what is measured. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ofSuite = /^(DSPY_NEST_\w+|OTEL_\w+|DATABASE_URL|NATS_URL|REDIS_URL|HOST|PORT|LOG_LEVEL)$/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ofSuite.test(name)));
}

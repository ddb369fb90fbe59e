import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ChildStartError,
  findFreePort,
  locateExecutables,
  readOrCreateSecret,
  startNats,
  startPostgres,
  startValkey,
  SupervisedChild,
  type ChildCrash,
  type EmbeddedServer,
  type ServerOptions,
} from '@dspy-nest/embedded';
import { listProcesses, type ProcessEntry, type Surroundings } from './process-list';
import type { StartConfig } from './start.config';

const CRASHES_ALLOWED_AT_START = 2;
const FORCED_GRACE_MS = 1_000;

interface Member {
  readonly child: SupervisedChild;
  readonly stopRank: number;
}

/** Where a run keeps the address of its NATS. */
export const natsUrlFile = (home: string): string => join(home, 'nats-url');

/** All processes of one run of the suite: started together, stopped in order. */
export class LocalStack {
  /** Rejects with ChildStartError when a process keeps ending before the suite was ready. */
  readonly brokenStart: Promise<never>;
  private readonly config: StartConfig;
  private readonly root: string;
  private readonly say: (text: string) => void;
  private readonly members: Member[] = [];
  private readonly crashes = new Map<string, number>();
  private breakStart: (reason: Error) => void = () => undefined;
  private starting: Promise<unknown> = Promise.resolve();
  private ready = false;
  private stopping = false;

  constructor(config: StartConfig, root: string, say: (text: string) => void) {
    this.config = config;
    this.root = root;
    this.say = say;
    this.brokenStart = new Promise<never>((_, reject) => (this.breakStart = reject));
    this.brokenStart.catch(() => undefined);
  }

  /** Starts the servers, then all else; the services then still have to find each other. */
  start(list: typeof listProcesses = listProcesses): Promise<void> {
    const start = this.startAll(list);
    this.starting = start.catch(() => undefined);
    return start;
  }

  /** From now on a process that ends is only restarted and reported. */
  markReady(): void {
    this.ready = true;
  }

  /** Stops everything in order; `inHaste` gives each process a second only. */
  async stop({ inHaste = false } = {}): Promise<void> {
    this.stopping = true;
    await this.stopMembers(inHaste);
    // Servers that were still on their way join only when they are ready.
    await this.starting;
    await this.stopMembers(inHaste);
  }

  private async stopMembers(inHaste: boolean): Promise<void> {
    const ranks = [...new Set(this.members.map((member) => member.stopRank))].sort((a, b) => a - b);
    for (const rank of ranks) {
      const group = this.members.filter((member) => member.stopRank === rank);
      await Promise.all(group.map(({ child }) => child.stop(inHaste ? FORCED_GRACE_MS : undefined)));
    }
  }

  private async startAll(list: typeof listProcesses): Promise<void> {
    const { config, root } = this;
    const [databaseUrl, natsUrl, redisUrl] = await allSettledOrThrow([
      config.databaseUrl ?? this.startServer(startPostgres, 7),
      config.natsUrl ?? this.startServer(startNats, 6),
      config.redisUrl ?? this.startServer(startValkey, 5),
    ]);
    // For workers that are started by hand: the address has the password in it.
    writeFileSync(natsUrlFile(config.home), `${natsUrl}\n`, { mode: 0o600 });
    const secretKey = readOrCreateSecret(join(config.home, 'secret-key'), 32, 'base64');
    const model = config.modelBaseUrl === undefined ? { localModelPort: await findFreePort() } : {};
    const surroundings: Surroundings = { root, config, databaseUrl, natsUrl, redisUrl, secretKey, ...model };
    if (this.stopping) return;
    await allSettledOrThrow(list(surroundings, process.env).map((entry) => this.startProcess(entry)));
  }

  private async startServer(
    start: (options: ServerOptions) => Promise<EmbeddedServer>,
    stopRank: number,
  ): Promise<string> {
    const { home } = this.config;
    const options = {
      home,
      executables: locateExecutables(this.root),
      onCrash: (crash: ChildCrash) => this.onCrash(crash),
    };
    const { child, url } = await start(options);
    this.members.push({ child, stopRank });
    return url;
  }

  private async startProcess({ stopRank, ...spec }: ProcessEntry): Promise<void> {
    const child = new SupervisedChild({ ...spec, home: this.config.home, onCrash: (crash) => this.onCrash(crash) });
    this.members.push({ child, stopRank });
    await child.start();
  }

  private onCrash({ name, reason, logFile, lastLines, restartInMs }: ChildCrash): void {
    const count = (this.crashes.get(name) ?? 0) + 1;
    this.crashes.set(name, count);
    if (!this.ready && count > CRASHES_ALLOWED_AT_START) {
      this.breakStart(new ChildStartError(name, `${reason}, ${count} times`, logFile, lastLines));
      return;
    }
    const lines = lastLines.map((line) => `  ${name} | ${line}`);
    this.say(
      [`${name} ${reason}; starting it again in ${restartInMs / 1000} s. Its log is ${logFile}`, ...lines].join('\n'),
    );
  }
}

// A start that fails must not leave others still on their way, which would then be stopped by nobody.
async function allSettledOrThrow<T>(starts: (T | Promise<T>)[]): Promise<[T, T, T]> {
  const results = await Promise.allSettled(starts);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return results.map((result) => (result as PromiseFulfilledResult<T>).value) as [T, T, T];
}

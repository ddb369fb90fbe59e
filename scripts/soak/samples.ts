import { readdirSync } from 'node:fs';
import { STREAMS } from '@dspy-nest/contracts';
import { jetstreamManager } from '@nats-io/jetstream';
import { Redis } from 'ioredis';
import { ProcessWatch } from '../bench/processes/process-watch';
import type { Suite } from '../faults/suite/suite';
import type { Series, Tolerance } from './flatness';
import { collectGarbage } from './garbage-collection';

/** What is measured, and how much of growth is noise there over a run of many minutes. */
const KINDS = {
  memory: { unit: 'MiB', tolerance: { amount: 24, share: 0.12 } },
  // Postgres fills its shared buffers with the tables as they grow, up to a fixed size.
  'shared memory': { unit: 'MiB', tolerance: { amount: 160, share: 0 } },
  files: { unit: 'open', tolerance: { amount: 5, share: 0 } },
  count: { unit: '', tolerance: { amount: 10, share: 0 } },
} as const satisfies Readonly<Record<string, { unit: string; tolerance: Tolerance }>>;

interface Reading {
  readonly kind: keyof typeof KINDS;
  readonly value: number;
}

/** Reads from time to time what must not grow: of processes, queues and servers. */
export class Sampler {
  private readonly suite: Suite;
  private readonly redis: Redis;
  private readonly readings = new Map<string, Reading[]>();

  constructor(suite: Suite) {
    this.suite = suite;
    this.redis = new Redis(suite.servers.valkey.url);
  }

  /** Takes one sample of everything. */
  async take(): Promise<void> {
    for (const kind of ['gateway', 'registry', 'execution', 'optimization'] as const) {
      await Promise.all(this.suite.members(kind).map(collectGarbage));
    }
    const watch = new ProcessWatch();
    for (const { name, pid } of this.suite.all()) {
      if (pid === undefined) continue;
      watch.add(name, pid);
      this.note(`files of ${name}`, 'files', openFiles(pid));
    }
    for (const [name, mib] of Object.entries(watch.memoryMib())) {
      this.note(`memory of ${name}`, name === 'postgres' ? 'shared memory' : 'memory', mib);
    }
    for (const [name, value] of Object.entries(await this.counts())) this.note(name, 'count', value);
  }

  /** Everything that was read, without the first samples: those of `warmUp` (from 0 to 1) of the time. */
  series(warmUp: number): Series[] {
    return [...this.readings].flatMap(([name, readings]) => {
      const values = readings.slice(Math.floor(readings.length * warmUp)).map(({ value }) => value);
      const [first] = readings;
      return first === undefined || values.length < 2 ? [] : [{ name, values, ...KINDS[first.kind] }];
    });
  }

  /** Lets go of the connection. */
  close(): void {
    this.redis.disconnect();
  }

  private note(name: string, kind: Reading['kind'], value: number): void {
    const readings = this.readings.get(name) ?? [];
    this.readings.set(name, [...readings, { kind, value }]);
  }

  private async counts(): Promise<Record<string, number>> {
    const { evidence, nats } = this.suite;
    const { open, outbox, jobs } = await evidence.unfinished();
    const manager = await jetstreamManager(nats);
    const consumers = await manager.consumers.list(STREAMS.jobs).next();
    const [connections] = await evidence.query<{ count: number }>(
      "SELECT count(*)::int AS count FROM pg_stat_activity WHERE backend_type = 'client backend'",
      [],
    );
    return {
      'executions open': open,
      'outbox rows': outbox,
      'jobs in the queue': jobs,
      'jobs not acknowledged': consumers.reduce((sum, { num_ack_pending: pending }) => sum + pending, 0),
      'Postgres connections': connections?.count ?? 0,
      'Valkey keys': await this.redis.dbsize(),
    };
  }
}

function openFiles(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    // It has just ended, or runs in a name space of its own, into which nobody may look.
    return 0;
  }
}

import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { BatchV1 } from '@dspy-nest/contracts';
import type { Violation } from '../faults/judge/judge';
import type { Random } from '../faults/load/random';
import { NONCE_SIGNATURE } from '../faults/suite/nonce-model';
import { killAndStart } from '../faults/suite/outages';
import type { Suite } from '../faults/suite/suite';
import { createProgram } from '../start/gateway-client';
import { BatchClient } from './batch-client';
import { ResultJudge, type StoredBatch } from './judge-batch';
import { MemorySeries, type MemoryTrend } from './memory-series';

const LOOK_MS = 1_000;
const SERVERS_EVERY = 5;

/** How large a batch is, and how often something is killed under it. */
export interface BatchPlan {
  readonly rows: number;
  readonly kills: number;
  /** Between two kills. */
  readonly restMs: number;
}

/** What came of it. */
export interface BatchOutcome {
  readonly violations: readonly Violation[];
  readonly batch: BatchV1;
  readonly kills: number;
  /** Requests that the client had to repeat. */
  readonly repeats: number;
  readonly uploadS: number;
  readonly runS: number;
  readonly readS: number;
  readonly memory: readonly MemoryTrend[];
}

/** What a batch is run with. */
export interface Surroundings {
  readonly suite: Suite;
  readonly random: Random;
  readonly say: (text: string) => void;
}

/** Runs one batch on the real suite while its processes and servers are killed, and holds each result against its row. */
export async function runBatch(plan: BatchPlan, { suite, random, say }: Surroundings): Promise<BatchOutcome> {
  const program = `batch-${Date.now().toString(36)}`;
  await createProgram(suite.gatewayUrls[0] ?? '', { name: program, signature: NONCE_SIGNATURE });
  const client = new BatchClient(suite.gatewayUrls);
  const faults = new Faults(suite, random, plan);
  const memory = new MemorySeries(suite, ['gateway', 'execution', 'worker']);
  const sampling = setInterval(() => memory.take(), LOOK_MS);
  const killing = faults.run();
  try {
    const startedMs = Date.now();
    const { id } = await client.upload(program, plan.rows, randomUUID());
    const uploadedMs = Date.now();
    const batch = await ended(client, id, (now) => say(`${faults.done} kills; ${describe(now)}`));
    const endedMs = Date.now();
    faults.stop();
    await killing;
    await suite.ready();
    const readMs = Date.now();
    const judge = new ResultJudge(plan.rows);
    await client.results(id, (result) => judge.take(result));
    const violations = judge.close(batch, await storedOf(suite, id));
    const seconds = (from: number, to: number): number => Math.round((to - from) / 100) / 10;
    return {
      violations,
      batch,
      kills: faults.done,
      repeats: client.repeats,
      uploadS: seconds(startedMs, uploadedMs),
      runS: seconds(uploadedMs, endedMs),
      readS: seconds(readMs, Date.now()),
      memory: memory.trends(),
    };
  } finally {
    clearInterval(sampling);
    faults.stop();
    await killing;
  }
}

async function ended(client: BatchClient, id: string, look: (batch: BatchV1) => void): Promise<BatchV1> {
  for (;;) {
    const batch = await client.read(id);
    look(batch);
    if (batch.finishedAt !== null) return batch;
    await pause(LOOK_MS);
  }
}

function describe({ status, counts, progress }: BatchV1): string {
  const { total, pending, inFlight } = counts;
  return `${status}: ${total - pending - inFlight} of ${total} rows, ${progress.rowsPerS ?? '?'} a second`;
}

async function storedOf({ evidence }: Suite, id: string): Promise<StoredBatch> {
  const [stored] = await evidence.query<StoredBatch>(
    `SELECT count(*)::int AS executions, count(*) FILTER (WHERE status IN ('queued', 'running'))::int AS open,
       (count(*) - count(DISTINCT batch_index))::int AS doubled
     FROM execution.executions WHERE batch_id = $1`,
    [id],
  );
  return stored ?? { executions: 0, open: 0, doubled: 0 };
}

/** Kills workers, replicas and gateways in turn, and every now and then NATS or Postgres; each is started again at once. */
class Faults {
  done = 0;
  private isStopped = false;
  private readonly suite: Suite;
  private readonly random: Random;
  private readonly plan: BatchPlan;

  constructor(suite: Suite, random: Random, plan: BatchPlan) {
    this.suite = suite;
    this.random = random;
    this.plan = plan;
  }

  stop(): void {
    this.isStopped = true;
  }

  async run(): Promise<void> {
    while (this.done < this.plan.kills && !this.isStopped) {
      await pause(this.plan.restMs * (0.5 + this.random.next()));
      if (this.isStopped) return;
      await killAndStart(this.victim());
      this.done += 1;
    }
  }

  private victim(): Parameters<typeof killAndStart>[0] {
    const { postgres, nats } = this.suite.servers;
    if (this.done % SERVERS_EVERY === SERVERS_EVERY - 1) return this.random.pick([postgres.child, nats.child]);
    const kind = (['worker', 'execution', 'gateway', 'execution'] as const)[this.done % SERVERS_EVERY] ?? 'worker';
    return this.random.pick(this.suite.members(kind));
  }
}

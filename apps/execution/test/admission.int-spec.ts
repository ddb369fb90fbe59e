import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { pipeline } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { type ExecutionCreateV1, type ExecutionV1, type Page, REQUESTS } from '@dspy-nest/contracts';
import { AppError } from '@dspy-nest/platform';
import { type ScriptedOutcome, ScriptedWorker, eventually } from '@dspy-nest/testing';
import { Redis } from 'ioredis';
import { AdmissionService } from '../src/admission/admission.service';
import { ProgramSlots } from '../src/admission/program-slots';
import { OutcomesService } from '../src/lifecycle/outcomes.service';
import { startReplicaProcess } from './replica-process';
import {
  LIMIT,
  type RunningExecution,
  type Surroundings,
  errorOf,
  startExecution,
  startReplica,
  startSurroundings,
} from './running-execution';

const answer = (): ScriptedOutcome => ({ outputs: { answer: 'Because.' } });

jest.setTimeout(60_000);

function create(
  { client, ctx }: Surroundings,
  program: string,
  change: Partial<ExecutionCreateV1> = {},
): Promise<ExecutionV1> {
  const request = { id: randomUUID(), program, inputs: { question: 'Why?' }, wait: true, ...change };
  return client.request<ExecutionV1>(ctx, REQUESTS.executionCreate, request, { timeoutMs: 30_000 });
}

describe('the limit of a program', () => {
  let service: RunningExecution;
  let redis: Redis;
  let worker: ScriptedWorker;
  let finish: (() => void)[];

  beforeAll(async () => {
    service = await startExecution();
    redis = new Redis(service.servers.redisUrl);
  });
  afterAll(async () => {
    redis.disconnect();
    await service.stop();
  });
  beforeEach(async () => {
    finish = [];
    worker = await ScriptedWorker.start(service.servers.natsUrl);
    worker.onJob(() => new Promise((resolve) => finish.push(() => resolve(answer()))));
    await redis.flushall();
  });
  afterEach(async () => {
    await eventually(async () => {
      const left = await open();
      await Promise.all(left.map(({ id }) => cancel(id).catch(() => undefined)));
      expect(left).toEqual([]);
    });
    await worker.stop();
  });

  const limited = (change: Partial<ExecutionCreateV1> = {}): Promise<ExecutionV1> => create(service, 'limited', change);
  const cancel = (id: string): Promise<unknown> =>
    service.client.request(service.ctx, REQUESTS.executionCancel, { id });
  const open = async (): Promise<ExecutionV1[]> => {
    const filter = { status: { in: ['queued', 'running'] } };
    return (await service.client.request<Page<ExecutionV1>>(service.ctx, REQUESTS.executionList, { filter })).items;
  };
  const fill = async (): Promise<Promise<ExecutionV1>[]> => {
    const before = worker.jobs.length;
    const calls = Array.from({ length: LIMIT }, () => limited());
    await eventually(() => expect(worker.jobs).toHaveLength(before + LIMIT));
    await eventually(async () => expect(await open()).toHaveLength(LIMIT));
    return calls;
  };
  const busy = {
    code: 'too_many_requests',
    retryable: true,
    details: { program: 'limited', limit: 2, retryAfterS: 1 },
  };

  it('refuses one more than may be open, and lets it in when one has ended', async () => {
    const calls = await fill();
    expect(await errorOf(limited())).toMatchObject(busy);
    expect(await errorOf(limited({ wait: false }))).toMatchObject(busy);
    expect(service.app.get(AdmissionService).figures().refused.too_many_requests).toBeGreaterThanOrEqual(2);
    finish[0]?.();
    await Promise.race(calls);
    const accepted = await eventually(() => limited({ wait: false }));
    expect(await errorOf(limited())).toMatchObject(busy);
    finish.forEach((end) => end());
    await Promise.all(calls);
    await eventually(() => expect(finish).toHaveLength(LIMIT + 1));
    finish.forEach((end) => end());
    await eventually(() => limited({ wait: false, id: accepted.id }));
  });

  it('gives the slot back however an execution ends', async () => {
    const error = { code: 'model_error', message: 'No.', retryable: false, details: {} };
    for (let round = 0; round < LIMIT + 1; round += 1) {
      worker.onJob(() => ({ error }));
      await eventually(() => limited());
      worker.onJob(() => new Promise(() => undefined));
      expect((await limited({ timeoutMs: 50 })).status).toBe('timed_out');
      const { id } = await limited({ wait: false });
      await cancel(id);
    }
    expect(await redis.keys('*')).toEqual([]);
  });

  it('gives no slot to what is refused for another reason', async () => {
    for (let round = 0; round < LIMIT + 1; round += 1) {
      expect(await errorOf(limited({ inputs: {} }))).toMatchObject({ code: 'invalid_inputs' });
    }
    expect(await redis.keys('*')).toEqual([]);
  });

  it('counts over all replicas, whatever the death of one leaves behind ends with its lease', async () => {
    const doomed = await startReplicaProcess(service);
    const asked = Array.from({ length: 40 }, () => limited({ wait: false }).then(() => 'open', codeOf));
    expect(await tally(asked)).toEqual({ open: LIMIT, too_many_requests: 40 - LIMIT });
    await doomed.kill();
    const [key] = await redis.keys('*');
    const [id] = await redis.zrange(key ?? '', 0, 0);
    await redis.zadd(key ?? '', 1, id ?? '');
    expect(await limited({ wait: false })).toMatchObject({ status: 'queued' });
    expect(await errorOf(limited())).toMatchObject(busy);
  });

  it('refuses nobody when Redis was flushed, and counts again from the next renewal on', async () => {
    void (await fill());
    await redis.flushall();
    await limited({ wait: false });
    const slots = service.app.get(ProgramSlots);
    await slots.renew(performance.now());
    expect(await errorOf(limited())).toMatchObject(busy);
  });

  it('gives back what ended without the replica hearing of it', async () => {
    const { id } = await limited({ wait: false });
    await service.dataSource.query(`UPDATE execution.executions SET status = 'cancelled' WHERE id = $1`, [id]);
    await service.app.get(ProgramSlots).renew(performance.now());
    expect(await redis.keys('*')).toHaveLength(1);
    await service.app.get(ProgramSlots).renew(performance.now() + 10_000);
    await eventually(async () => expect(await redis.keys('*')).toEqual([]));
  });

  it('keeps the slot of an execution that is only looked at', async () => {
    void (await fill());
    const outcomes = service.app.get(OutcomesService);
    for (const { id } of await open()) await outcomes.answer('default', id);
    expect(await errorOf(limited())).toMatchObject(busy);
  });

  it('costs a program without a limit no word with Redis', async () => {
    const evaluations = async (): Promise<string | undefined> =>
      /cmdstat_eval:calls=\d+/.exec(await redis.info('commandstats'))?.[0];
    const before = await evaluations();
    worker.onJob(answer);
    await create(service, 'qa');
    expect(await evaluations()).toBe(before);
    await limited();
    expect(await evaluations()).not.toBe(before);
  });
});

describe('a replica without Redis', () => {
  it('lets executions of a limited program in, and counts them once Redis is there', async () => {
    const surroundings = await startSurroundings();
    const url = new URL(surroundings.servers.redisUrl);
    const { hostname, port } = url;
    let isAway = true;
    const door = createServer((socket) => {
      if (isAway) socket.destroy();
      else pipeline(socket, connect(Number(port), hostname), socket, () => undefined);
    });
    await once(door.listen(0, '127.0.0.1'), 'listening');
    url.host = `127.0.0.1:${(door.address() as AddressInfo).port}`;
    const app = await startReplica(surroundings, { REDIS_URL: url.href });
    const limited = (): Promise<ExecutionV1> => create(surroundings, 'limited', { wait: false });
    const calls = Array.from({ length: LIMIT + 2 }, limited);
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(calls.map(() => 'queued'));
    isAway = false;
    await eventually(async () => {
      await app.get(ProgramSlots).renew(performance.now());
      expect(await errorOf(limited())).toMatchObject({ code: 'too_many_requests' });
    });
    await app.close();
    door.close();
    await surroundings.stop();
  });
});

describe('a fleet that is asked for more than it can do', () => {
  it('refuses what would have to queue behind as many as may', async () => {
    const service = await startExecution({ DSPY_NEST_MAX_QUEUED: 5 });
    const asked = Array.from({ length: 12 }, () => create(service, 'qa', { wait: false }).then(() => 'open', codeOf));
    expect(await tally(asked)).toEqual({ open: 5, overloaded: 7 });
    expect(await errorOf(create(service, 'qa', { wait: false }))).toMatchObject({
      code: 'overloaded',
      retryable: true,
      details: { lane: 'interactive', retryAfterS: 60 },
    });
    expect(service.app.get(AdmissionService).figures()).toEqual({
      waiting: { interactive: 6, batch: 6 },
      ratePerS: 0,
      refused: { no_worker: 0, overloaded: 8, too_many_requests: 0 },
    });
    await service.stop();
  });

  it('does what it can and refuses the rest at once: whoever is let in succeeds', async () => {
    const service = await startExecution();
    const fleet = new LimitedFleet(2, 25);
    const worker = await ScriptedWorker.start(service.servers.natsUrl, { concurrency: 2 });
    worker.onJob(() => fleet.work());
    await eventually(() => create(service, 'qa'));

    const calls: Promise<string>[] = [];
    const refusals: AppError[] = [];
    const call = (): Promise<string> =>
      create(service, 'qa', { timeoutMs: 4_000 }).then(
        ({ status }) => status,
        (error: AppError) => {
          refusals.push(error);
          return error.code;
        },
      );
    fleet.measure();
    const untilMs = performance.now() + 5_000;
    while (performance.now() < untilMs) {
      for (let one = 0; one < 4; one += 1) calls.push(call());
      await pause(10);
    }
    const utilisation = fleet.utilisation();
    const { succeeded = 0, overloaded = 0, ...others } = await tally(calls);
    expect(others).toEqual({});
    expect(utilisation).toBeGreaterThan(0.85);
    expect(overloaded).toBeGreaterThan(succeeded);
    for (const { details, retryable } of refusals) {
      expect(retryable).toBe(true);
      expect(details.retryAfterS).toBeGreaterThanOrEqual(1);
    }
    await worker.stop();
    await service.stop();
  });
});

/** A fleet that works on so many executions at once, each for so long. */
class LimitedFleet {
  private readonly waiting: (() => void)[] = [];
  private free: number;
  private busyMs = 0;
  private sinceMs = 0;
  private changedMs = 0;

  constructor(
    private readonly slots: number,
    private readonly lastsMs: number,
  ) {
    this.free = slots;
  }

  async work(): Promise<ScriptedOutcome> {
    if (this.free === 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.change(-1);
    await pause(this.lastsMs);
    const next = this.waiting.shift();
    if (next === undefined) this.change(1);
    else next();
    return answer();
  }

  measure(): void {
    this.busyMs = 0;
    this.sinceMs = this.changedMs = performance.now();
  }

  /** The share of its time that the fleet was busy, of 1. */
  utilisation(): number {
    this.change(0);
    return this.busyMs / (this.slots * (performance.now() - this.sinceMs));
  }

  private change(by: number): void {
    const nowMs = performance.now();
    this.busyMs += (this.slots - this.free) * (nowMs - this.changedMs);
    this.changedMs = nowMs;
    this.free += by;
  }
}

const codeOf = (error: unknown): string => (error instanceof AppError ? error.code : String(error));

async function tally(calls: Promise<string>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const how of await Promise.all(calls)) counts[how] = (counts[how] ?? 0) + 1;
  return counts;
}

import { randomUUID } from 'node:crypto';
import { type ExecutionCreateV1, type ExecutionV1, REQUESTS } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { type ScriptedOutcome, ScriptedWorker, eventually } from '@dspy-nest/testing';
import { Redis } from 'ioredis';
import { AnswerCache } from '../src/answers/answer-cache';
import { type RunningExecution, errorOf, startExecution, startReplica } from './running-execution';

jest.setTimeout(60_000);

let service: RunningExecution;
let redis: Redis;
let worker: ScriptedWorker;
beforeAll(async () => {
  service = await startExecution();
  redis = new Redis(service.servers.redisUrl);
  service.publish('kept', 'question: string -> answer: string', 1, { cache: { ttlSeconds: 600 } });
});
afterAll(async () => {
  redis.disconnect();
  await service.stop();
});
beforeEach(async () => {
  await redis.flushall();
  worker = await ScriptedWorker.start(service.servers.natsUrl);
  worker.onJob(numbered);
});
afterEach(() => worker.stop());

const numbered = (): ScriptedOutcome => ({ outputs: { answer: `Answer ${worker.jobs.length}` } });

function ask(
  question: string,
  change: Partial<ExecutionCreateV1> = {},
  ctx: RequestContext = service.ctx,
): Promise<ExecutionV1> {
  const request = { id: randomUUID(), program: 'kept', inputs: { question }, wait: true, ...change };
  return service.client.request<ExecutionV1>(ctx, REQUESTS.executionCreate, request, { timeoutMs: 30_000 });
}
const stored = (id: string): Promise<ExecutionV1> =>
  service.client.request<ExecutionV1>(service.ctx, REQUESTS.executionGet, { id });
const cancel = (id: string): Promise<unknown> => service.client.request(service.ctx, REQUESTS.executionCancel, { id });
const withKey = (idempotencyKey: string): RequestContext => ({ ...service.ctx, idempotencyKey });

/** Jobs that end when they are told. */
function heldJobs(): ((outcome: ScriptedOutcome) => void)[] {
  const finish: ((outcome: ScriptedOutcome) => void)[] = [];
  worker.onJob(() => new Promise((resolve) => finish.push(resolve)));
  return finish;
}

describe('a program that keeps its answers', () => {
  it('gives an answer again without a model, as an execution of its own that cost nothing', async () => {
    const first = await ask('Why?');
    const second = await ask('Why?');
    expect([first.cached, first.outputs]).toEqual([false, { answer: 'Answer 1' }]);
    expect(second).toMatchObject({
      status: 'succeeded',
      cached: true,
      outputs: { answer: 'Answer 1' },
      worker: null,
      attempt: 0,
      usage: { promptTokens: 0, completionTokens: 0, costUsd: 0 },
      timing: { lmMs: 0 },
    });
    expect(second.id).not.toBe(first.id);
    expect(await stored(second.id)).toEqual(second);
    expect(worker.jobs).toHaveLength(1);
  });

  it('asks again for other inputs, and when its caller wants that', async () => {
    await ask('Why?');
    expect((await ask('How?')).outputs).toEqual({ answer: 'Answer 2' });
    expect(await ask('Why?', { cache: false })).toMatchObject({ cached: false, outputs: { answer: 'Answer 3' } });
    expect(await ask('Why?')).toMatchObject({ cached: true, outputs: { answer: 'Answer 1' } });
  });

  it('answers while no worker lives', async () => {
    await ask('Why?');
    await worker.stop();
    expect(await ask('Why?')).toMatchObject({ cached: true });
  });

  it('answers who does not wait at once', async () => {
    await ask('Why?', { wait: false }).then(({ id }) =>
      eventually(async () => expect((await stored(id)).status).toBe('succeeded')),
    );
    expect(await ask('Why?', { wait: false })).toMatchObject({ cached: true, status: 'succeeded' });
    expect(worker.jobs).toHaveLength(1);
  });

  it('forgets an answer when its time is over', async () => {
    await ask('Why?');
    const [key = ''] = await redis.keys('dspy-nest:answers:*');
    const left = await redis.ttl(key);
    expect([left > 590, left <= 600]).toEqual([true, true]);
    await redis.del(key);
    expect(await ask('Why?')).toMatchObject({ cached: false, outputs: { answer: 'Answer 2' } });
  });

  it('keeps no failure', async () => {
    worker.onJob(() => ({ error: { code: 'model_error', message: 'No.', retryable: false, details: {} } }));
    expect(await ask('Why?')).toMatchObject({ status: 'failed' });
    worker.onJob(numbered);
    expect(await ask('Why?')).toMatchObject({ status: 'succeeded', cached: false });
  });

  it('answers a key with the answer it was given first', async () => {
    await ask('Why?');
    const key = randomUUID();
    const first = await ask('Why?', {}, withKey(key));
    expect(first.cached).toBe(true);
    await redis.flushall();
    expect(await ask('Why?', {}, withKey(key))).toEqual(first);
    const reused = await errorOf(ask('How?', {}, withKey(key)));
    expect(reused.code).toBe('idempotency_key_reused');
  });

  it('is not kept by a program that does not say so, unless its caller wants it', async () => {
    const plain = (change: Partial<ExecutionCreateV1>) => ask('Why?', { program: 'qa', ...change });
    await plain({});
    expect(await plain({})).toMatchObject({ cached: false });
    await plain({ cache: true });
    expect(await plain({ cache: true })).toMatchObject({ cached: true, outputs: { answer: 'Answer 3' } });
    expect(await plain({})).toMatchObject({ cached: false });
  });

  it('asks a model while Redis is away', async () => {
    await ask('Why?');
    const app = await startReplica(service, { REDIS_URL: 'redis://127.0.0.1:1' });
    await service.app.close();
    try {
      expect(await ask('Why?')).toMatchObject({ cached: false, status: 'succeeded' });
    } finally {
      await app.close();
      service.app = await startReplica(service);
    }
  });
});

describe('equal questions at once', () => {
  it('ask a model once, and are executions of their own', async () => {
    const finish = heldJobs();
    const calls = Array.from({ length: 20 }, () => ask('Why?'));
    await eventually(() => expect(finish).toHaveLength(1));
    await eventually(async () => expect(await open()).toHaveLength(20));
    finish[0]?.({ outputs: { answer: 'Once.' } });
    const executions = await Promise.all(calls);
    expect(worker.jobs).toHaveLength(1);
    expect(executions.map(({ outputs }) => outputs)).toEqual(executions.map(() => ({ answer: 'Once.' })));
    expect(executions.filter(({ cached }) => !cached)).toHaveLength(1);
    expect(new Set(executions.map(({ id }) => id)).size).toBe(20);
  });

  it('ask a model once, though one comes just as the answer of the other does', async () => {
    const finish = heldJobs();
    const first = ask('Why?');
    await eventually(() => expect(finish).toHaveLength(1));
    const cache = service.app.get(AnswerCache);
    const [read, gate] = [cache.get.bind(cache), Promise.withResolvers<void>()];
    const reading = jest.spyOn(cache, 'get').mockImplementationOnce(async (key) => {
      const found = await read(key);
      await gate.promise;
      return found;
    });
    try {
      const second = ask('Why?', { timeoutMs: 5_000 });
      await eventually(async () => expect(reading.mock.calls.length + (await open()).length).toBe(2));
      finish[0]?.({ outputs: { answer: 'Once.' } });
      await first;
      gate.resolve();
      expect(await second).toMatchObject({ cached: true, outputs: { answer: 'Once.' } });
    } finally {
      reading.mockRestore();
    }
  });

  it('ask for themselves when the one that was asked fails', async () => {
    const finish = heldJobs();
    const calls = Array.from({ length: 3 }, () => ask('Why?'));
    await eventually(async () => expect(await open()).toHaveLength(3));
    finish[0]?.({ error: { code: 'model_error', message: 'No.', retryable: false, details: {} } });
    await eventually(() => expect(finish).toHaveLength(3));
    for (const one of finish.slice(1)) one({ outputs: { answer: 'Yes.' } });
    const ends = (await Promise.all(calls)).map(({ status, cached }) => [status, cached]);
    expect(ends.toSorted()).toEqual([
      ['failed', false],
      ['succeeded', false],
      ['succeeded', false],
    ]);
  });

  it('end on their own when they are cancelled, and leave the one that is asked alone', async () => {
    const finish = heldJobs();
    const [one, other] = [randomUUID(), randomUUID()];
    const first = ask('Why?', { id: one });
    await eventually(() => expect(finish).toHaveLength(1));
    const second = ask('Why?', { id: other });
    await eventually(async () => expect(await open()).toHaveLength(2));
    await cancel(other);
    expect(await second).toMatchObject({ status: 'cancelled' });
    finish[0]?.({ outputs: { answer: 'Once.' } });
    expect(await first).toMatchObject({ status: 'succeeded', cached: false });
  });

  it('time out by their own clock', async () => {
    const finish = heldJobs();
    const first = ask('Why?');
    await eventually(() => expect(finish).toHaveLength(1));
    expect(await ask('Why?', { timeoutMs: 300 })).toMatchObject({ status: 'timed_out' });
    finish[0]?.({ outputs: { answer: 'Once.' } });
    expect(await first).toMatchObject({ status: 'succeeded' });
  });

  const open = async (): Promise<ExecutionV1[]> => {
    const filter = { status: { in: ['queued', 'running'] } };
    const page = await service.client.request<{ items: ExecutionV1[] }>(service.ctx, REQUESTS.executionList, {
      filter,
    });
    return page.items;
  };
});

import { randomUUID } from 'node:crypto';
import { type ExecutionCreateV1, type ExecutionV1, REQUESTS, eventFilter } from '@dspy-nest/contracts';
import { EventBus } from '@dspy-nest/messaging';
import type { AppError, RequestContext } from '@dspy-nest/platform';
import { ScriptedWorker, eventually } from '@dspy-nest/testing';
import type { INestApplication } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type ReplicaProcess, startReplicaProcess } from './replica-process';
import { type Surroundings, errorOf, startReplica, startSurroundings } from './running-execution';

const answer = (): { outputs: { answer: string } } => ({ outputs: { answer: 'Because.' } });

jest.setTimeout(60_000);

describe('an execution with an idempotency key', () => {
  let surroundings: Surroundings;
  let app: INestApplication;
  let dataSource: DataSource;
  let worker: ScriptedWorker;

  beforeAll(async () => {
    surroundings = await startSurroundings();
    app = await startReplica(surroundings);
    dataSource = app.get(DataSource);
  });
  afterAll(async () => {
    await app.close();
    await surroundings.stop();
  });
  beforeEach(async () => {
    worker = await ScriptedWorker.start(surroundings.servers.natsUrl);
    worker.onJob(answer);
  });
  afterEach(() => worker.stop());

  const withKey = (key: string): RequestContext => ({ ...surroundings.ctx, idempotencyKey: key });
  const create = (key: string, change: Partial<ExecutionCreateV1> = {}): Promise<ExecutionV1> =>
    surroundings.client.request<ExecutionV1>(
      withKey(key),
      REQUESTS.executionCreate,
      { id: randomUUID(), program: 'qa', inputs: { question: 'Why?' }, wait: true, ...change },
      { timeoutMs: 30_000 },
    );
  const get = (id: string): Promise<ExecutionV1> =>
    surroundings.client.request<ExecutionV1>(surroundings.ctx, REQUESTS.executionGet, { id });
  const stored = (key: string): Promise<{ subject_id: string }[]> =>
    dataSource.query('SELECT subject_id FROM execution.idempotency_keys WHERE key = $1', [key]);

  it('answers the same request with the first answer, as it was', async () => {
    const key = randomUUID();
    const first = await create(key);
    expect(first).toMatchObject({ status: 'succeeded', outputs: { answer: 'Because.' } });
    expect(await create(key)).toEqual(first);
    expect(worker.jobs).toHaveLength(1);
  });

  it('answers with the first failure, without running again', async () => {
    const error = { code: 'model_error', message: 'No.', retryable: false, details: {} };
    worker.onJob(() => ({ error }));
    const key = randomUUID();
    const first = await create(key);
    expect(first).toMatchObject({ status: 'failed', error: { code: 'model_error' } });
    worker.onJob(answer);
    expect(await create(key)).toEqual(first);
  });

  it('refuses another body under the same key, also the same one asked asynchronously', async () => {
    const key = randomUUID();
    await create(key);
    const reused = { code: 'idempotency_key_reused', retryable: false };
    expect(await errorOf(create(key, { inputs: { question: 'How?' } }))).toMatchObject(reused);
    expect(await errorOf(create(key, { timeoutMs: 5_000 }))).toMatchObject(reused);
    expect(await errorOf(create(key, { wait: false }))).toMatchObject(reused);
    // Another tenant's key is another key.
    const other = { ...withKey(key), tenant: 'other' };
    const request = { id: randomUUID(), program: 'qa', inputs: { question: 'How?' }, wait: true };
    const { id } = await surroundings.client.request<ExecutionV1>(other, REQUESTS.executionCreate, request);
    expect(id).toBe(request.id);
  });

  it('refuses a synchronous call while the first runs, and answers it afterwards', async () => {
    let finish = (): void => undefined;
    worker.onJob(() => new Promise((resolve) => (finish = () => resolve(answer()))));
    const key = randomUUID();
    const first = create(key);
    await eventually(() => expect(worker.jobs).toHaveLength(1));
    expect(await errorOf(create(key))).toMatchObject({
      code: 'idempotency_key_in_flight',
      retryable: true,
      details: { retryAfterS: 1 },
    });
    finish();
    expect(await create(key).catch(() => first)).toEqual(await first);
  });

  it('answers an asynchronous call with the execution as it stands', async () => {
    let finish = (): void => undefined;
    worker.onJob(() => new Promise((resolve) => (finish = () => resolve(answer()))));
    const key = randomUUID();
    const first = await create(key, { wait: false });
    expect(first).toMatchObject({ status: 'queued' });
    await eventually(() => expect(worker.jobs).toHaveLength(1));
    expect(['queued', 'running']).toContain((await create(key, { wait: false })).status);
    finish();
    await eventually(async () => expect((await get(first.id)).status).toBe('succeeded'));
    expect(await create(key, { wait: false })).toMatchObject({ id: first.id, status: 'succeeded' });
    expect(worker.jobs).toHaveLength(1);
  });

  it('keeps the key of what was refused free', async () => {
    const key = randomUUID();
    expect(await errorOf(create(key, { inputs: {} }))).toMatchObject({ code: 'invalid_inputs' });
    expect(await errorOf(create(key, { program: 'nope' }))).toMatchObject({ code: 'program_not_found' });
    expect(await stored(key)).toEqual([]);
    expect(await create(key)).toMatchObject({ status: 'succeeded' });
  });

  it('keeps the key free of a call that no worker was there for, and answers what is known without one', async () => {
    const known = randomUUID();
    const first = await create(known);
    await worker.stop();
    const key = randomUUID();
    expect(await errorOf(create(key))).toMatchObject({ code: 'no_worker' });
    expect(await stored(key)).toEqual([]);
    expect(await create(known)).toEqual(first);
  });

  it.each(['a b', 'ä', 'x'.repeat(256)])('refuses the key %j, naming the header', async (key) => {
    const error = await errorOf(create(key));
    expect(error).toMatchObject({ code: 'malformed_request' });
    expect(error.message).toContain('Idempotency-Key');
  });

  it('forgets a key after 24 hours', async () => {
    const key = randomUUID();
    const first = await create(key);
    await dataSource.query(
      `UPDATE execution.idempotency_keys SET created_at = created_at - interval '24 hours' WHERE key = $1`,
      [key],
    );
    const second = await create(key);
    expect(second.id).not.toBe(first.id);
    expect(await stored(key)).toEqual([{ subject_id: second.id }]);
  });

  describe('with a second replica', () => {
    let replica: ReplicaProcess;

    beforeEach(async () => {
      replica = await startReplicaProcess(surroundings);
    });
    afterEach(() => replica.kill());

    it('runs once for each of 20 keys, however many ask at once', async () => {
      worker.onJob(() => new Promise((resolve) => setTimeout(() => resolve(answer()), 20)));
      const keys = Array.from({ length: 20 }, () => randomUUID());
      const asked = keys.flatMap((key) =>
        Array.from({ length: 50 }, () =>
          create(key).then(
            ({ id }) => ({ key, id }),
            (error: AppError) => error.code,
          ),
        ),
      );
      const answers = await Promise.all(asked);
      const refusals = answers.filter((one) => typeof one === 'string');
      const told = answers.filter((one) => typeof one !== 'string');
      expect(new Set(refusals)).toEqual(new Set(['idempotency_key_in_flight']));
      expect(new Set(told.map(({ key }) => key)).size).toBe(keys.length);
      expect(new Set(told.map(({ key, id }) => `${key} ${id}`)).size).toBe(keys.length);
      expect(new Set(worker.jobs.map(({ executionId }) => executionId)).size).toBe(keys.length);
      const rows = await dataSource.query<{ executions: string }[]>(
        `SELECT count(*) AS executions FROM execution.executions
         WHERE id IN (SELECT subject_id FROM execution.idempotency_keys WHERE key = ANY($1))`,
        [keys],
      );
      expect(rows).toEqual([{ executions: '20' }]);
    });
  });
});

describe('the death of the replica that holds a caller', () => {
  it('loses neither the outcome nor its key', async () => {
    const surroundings = await startSurroundings();
    const doomed = await startReplicaProcess(surroundings);
    const worker = await ScriptedWorker.start(surroundings.servers.natsUrl);
    let finish = (): void => undefined;
    worker.onJob(() => new Promise((resolve) => (finish = () => resolve(answer()))));
    const ctx = { ...surroundings.ctx, idempotencyKey: randomUUID() };
    const request = { program: 'qa', inputs: { question: 'Why?' }, wait: true };
    const create = (timeoutMs: number): Promise<ExecutionV1> =>
      surroundings.client.request(ctx, REQUESTS.executionCreate, { ...request, id: randomUUID() }, { timeoutMs });

    const lost = errorOf(create(5_000));
    await eventually(() => expect(worker.jobs).toHaveLength(1));
    await doomed.kill();
    const app = await startReplica(surroundings);
    // A set, for the relay may publish an event twice: who needs each once reads the stream, which drops what it has.
    const ended = new Set<unknown>();
    app.get(EventBus).subscribe(eventFilter('execution', 'execution'), ({ subject }) => void ended.add(subject));
    expect(await errorOf(create(5_000))).toMatchObject({ code: 'idempotency_key_in_flight' });

    finish();
    const execution = await eventually(() => create(5_000));
    const [job] = worker.jobs;
    expect(execution).toMatchObject({ id: job?.executionId, status: 'succeeded', outputs: { answer: 'Because.' } });
    expect(worker.jobs).toHaveLength(1);
    expect(await lost).toMatchObject({ code: 'timed_out' });
    await eventually(() => expect([...ended]).toEqual([execution.id]));

    await worker.stop();
    await app.close();
    await surroundings.stop();
  });
});

import { randomUUID } from 'node:crypto';
import { type ExecutionCreateV1, type ExecutionV1, type ModelCallV1, REQUESTS, SIGNALS } from '@dspy-nest/contracts';
import type { AppError } from '@dspy-nest/platform';
import { type ScriptedJob, ScriptedWorker, eventually } from '@dspy-nest/testing';
import { type ReplicaProcess, startReplicaProcess } from './replica-process';
import { type RunningExecution, errorOf, startExecution } from './running-execution';

jest.setTimeout(30_000);

describe('an execution that is not wanted any more', () => {
  let service: RunningExecution;
  let replica: ReplicaProcess;
  let worker: ScriptedWorker;

  beforeAll(async () => {
    service = await startExecution();
    replica = await startReplicaProcess(service);
  });
  afterAll(async () => {
    await replica.kill();
    await service.stop();
  });
  beforeEach(async () => {
    worker = await ScriptedWorker.start(service.servers.natsUrl);
    worker.onJob(() => new Promise(() => undefined));
  });
  afterEach(() => worker.stop());

  const create = (id: string, change: Partial<ExecutionCreateV1> = {}, ctx = service.ctx): Promise<ExecutionV1> =>
    service.client.request<ExecutionV1>(
      ctx,
      REQUESTS.executionCreate,
      { id, program: 'qa', inputs: { question: 'Why?' }, wait: true, ...change },
      { timeoutMs: 30_000 },
    );
  const get = (id: string): Promise<ExecutionV1> =>
    service.client.request<ExecutionV1>(service.ctx, REQUESTS.executionGet, { id });
  const hangUp = (executionId: string, tenant = 'default'): void =>
    service.nats.publish(SIGNALS.executionAbandoned, JSON.stringify({ tenant, executionId }));
  const jobOf = (id: string): Promise<ScriptedJob> =>
    eventually(() => {
      const job = worker.jobs.find(({ executionId }) => executionId === id);
      if (job === undefined) throw new Error('The worker has no such job yet.');
      return job;
    });
  /** Until the worker is told to stop the job, which would never end by itself. */
  const untilStopped = async (job: ScriptedJob): Promise<void> => {
    if (job.signal.aborted) return;
    await new Promise((resolve) => job.signal.addEventListener('abort', resolve, { once: true }));
  };

  it('is cancelled when its caller hangs up, and the worker stops', async () => {
    const id = randomUUID();
    const call = create(id);
    const job = await jobOf(id);
    hangUp(id);
    await untilStopped(job);
    expect(await call).toMatchObject({ status: 'cancelled', error: { code: 'cancelled' } });
    expect(await get(id)).toMatchObject({ status: 'cancelled' });
  });

  it('goes on when it has an idempotency key, or for another tenant', async () => {
    let finish = (): void => undefined;
    worker.onJob(() => new Promise((resolve) => (finish = () => resolve({ outputs: { answer: 'Because.' } }))));
    const id = randomUUID();
    const call = create(id, {}, { ...service.ctx, idempotencyKey: randomUUID() });
    const job = await jobOf(id);
    hangUp(id);
    hangUp(id, 'other');
    // What comes after the hang-up on the same connection is seen after it.
    await service.nats.flush();
    await get(id);
    expect(job.signal.aborted).toBe(false);
    finish();
    expect(await call).toMatchObject({ status: 'succeeded' });
  });

  it('is cancelled while it waits for a worker', async () => {
    await worker.stop();
    const id = randomUUID();
    const call = create(id);
    hangUp(id);
    const code = await call.then(
      ({ error }) => error?.code,
      (error: AppError) => error.code,
    );
    expect(code).toBe('cancelled');
  });

  it('is not begun when its caller was gone before', async () => {
    const id = randomUUID();
    hangUp(id);
    await service.nats.flush();
    expect(await errorOf(create(id))).toMatchObject({ code: 'cancelled' });
    expect(await errorOf(get(id))).toMatchObject({ code: 'execution_not_found' });
    expect(worker.jobs).toEqual([]);
  });

  it.each([true, false])('stops in the worker when it is cancelled (synchronous: %s)', async (wait) => {
    const id = randomUUID();
    const call = create(id, { wait });
    const job = await jobOf(id);
    await eventually(() => get(id));
    await service.client.request(service.ctx, REQUESTS.executionCancel, { id });
    await untilStopped(job);
    if (wait) expect(await call).toMatchObject({ status: 'cancelled' });
  });

  const CALL: ModelCallV1 = {
    index: 0,
    attempt: 1,
    reason: 'first',
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 1,
    firstTokenMs: null,
    errorCode: null,
    finishReason: 'stop',
    promptTokens: 1,
    completionTokens: 1,
    costUsd: null,
    messages: [],
    completion: 'Because.',
    truncated: false,
  };

  /** An execution that can be done again, after which jobs hang. */
  async function recorded(): Promise<string> {
    worker.onJob(() => ({ outputs: { answer: 'Because.' }, calls: [CALL] }));
    const { id } = await create(randomUUID());
    worker.onJob(() => new Promise(() => undefined));
    return id;
  }

  it.each([
    ['rerun', REQUESTS.executionRerun],
    ['replay', REQUESTS.executionReplay],
  ])('is cancelled also as a %s, by its own id, unless it has a key', async (_, subject) => {
    const of = await recorded();
    const again = (id: string, key?: string): Promise<ExecutionV1> =>
      service.client.request<ExecutionV1>(
        { ...service.ctx, ...(key !== undefined && { idempotencyKey: key }) },
        subject,
        { id, of, wait: true },
        { timeoutMs: 30_000 },
      );
    const [kept, left] = [randomUUID(), randomUUID()];
    const keyed = again(kept, randomUUID());
    const keyedJob = await jobOf(kept);
    const call = again(left);
    const job = await jobOf(left);
    hangUp(kept);
    hangUp(left);
    expect(await call).toMatchObject({ id: left, status: 'cancelled' });
    await eventually(() => expect(job.signal.aborted).toBe(true));
    expect(keyedJob.signal.aborted).toBe(false);
    await service.client.request(service.ctx, REQUESTS.executionCancel, { id: kept });
    expect(await keyed).toMatchObject({ status: 'cancelled' });
  });

  it.each(['rerunExecution', 'replayExecution'])('is cancelled when a GraphQL caller of %s hangs up', async (field) => {
    const of = await recorded();
    const before = worker.jobs.length;
    const controller = new AbortController();
    const call = fetch(`${await service.app.getUrl()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `mutation { ${field}(id: "${of}") { id } }` }),
      signal: controller.signal,
    });
    await eventually(() => expect(worker.jobs).toHaveLength(before + 1));
    const job = worker.jobs[before] as ScriptedJob;
    controller.abort();
    await expect(call).rejects.toThrow('abort');
    await eventually(() => expect(job.signal.aborted).toBe(true));
    await eventually(async () => expect((await get(job.executionId)).status).toBe('cancelled'));
  });

  it('is cancelled when a GraphQL caller hangs up', async () => {
    const controller = new AbortController();
    const query = 'mutation { executeProgram(programId: "qa", inputs: { question: "Why?" }) { id } }';
    const call = fetch(`${await service.app.getUrl()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
      signal: controller.signal,
    });
    const [job] = await eventually(() => {
      expect(worker.jobs).toHaveLength(1);
      return worker.jobs;
    });
    controller.abort();
    await expect(call).rejects.toThrow('abort');
    await untilStopped(job as ScriptedJob);
    await eventually(async () => expect((await get(job?.executionId ?? '')).status).toBe('cancelled'));
  });
});

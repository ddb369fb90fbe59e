import { randomUUID } from 'node:crypto';
import {
  type CloudEvent,
  type ExecutionBegunV1,
  type ExecutionCreateV1,
  type ExecutionV1,
  type Page,
  REQUESTS,
  SIGNALS,
  STREAMS,
  type WorkerV1,
  eventFilter,
  workerDurable,
} from '@dspy-nest/contracts';
import { EventBus, Nats, SignalBus } from '@dspy-nest/messaging';
import { ScriptedWorker, eventually } from '@dspy-nest/testing';
import { Sweeper } from '../src/recovery/sweeper';
import { type RunningExecution, errorOf, startExecution } from './running-execution';

const answer = (): { outputs: { answer: string } } => ({ outputs: { answer: 'Because.' } });

jest.setTimeout(30_000);

describe('the execution service', () => {
  let service: RunningExecution;
  let worker: ScriptedWorker | undefined;

  beforeAll(async () => {
    service = await startExecution();
  });
  afterAll(() => service.stop());
  afterEach(async () => {
    await worker?.stop();
    worker = undefined;
    await eventually(async () => expect(await workers()).toEqual([]));
  });

  const create = (change: Partial<ExecutionCreateV1> = {}): Promise<ExecutionV1> =>
    service.client.request<ExecutionV1>(
      service.ctx,
      REQUESTS.executionCreate,
      { id: randomUUID(), program: 'qa', inputs: { question: 'Why?' }, wait: true, ...change },
      { timeoutMs: 30_000 },
    );
  const get = (id: string): Promise<ExecutionV1> =>
    service.client.request<ExecutionV1>(service.ctx, REQUESTS.executionGet, { id });
  const ended = (id: string): Promise<ExecutionV1> =>
    eventually(
      async () => {
        const execution = await get(id);
        expect(execution.finishedAt).not.toBeNull();
        return execution;
      },
      { timeoutMs: 20_000 },
    );
  const workers = async (): Promise<WorkerV1[]> =>
    (await service.client.request<Page<WorkerV1>>(service.ctx, REQUESTS.workerList, {})).items;
  const join = async (handler: Parameters<ScriptedWorker['onJob']>[0] = answer): Promise<ScriptedWorker> => {
    const joined = await ScriptedWorker.start(service.servers.natsUrl);
    joined.onJob(handler);
    await eventually(async () => expect((await workers()).map(({ id }) => id)).toContain(joined.id));
    return joined;
  };

  it('answers a synchronous call with the outcome, which is committed by then', async () => {
    worker = await join();
    const execution = await create();
    expect(execution).toMatchObject({
      program: 'qa',
      version: 3,
      signature: 'Qa',
      status: 'succeeded',
      outputs: { answer: 'Because.' },
      model: 'default',
      adapter: 'python',
      format: 'chat',
      worker: worker.id,
      attempt: 1,
      traceId: service.ctx.traceId,
    });
    expect(execution.timing?.totalMs).toBeGreaterThanOrEqual(execution.timing?.workerMs ?? Infinity);
    expect(await get(execution.id)).toEqual(execution);
  });

  it('publishes one event for each outcome', async () => {
    const seen: CloudEvent<{ id: string; status: string }>[] = [];
    service.app
      .get(EventBus)
      .subscribe(eventFilter('execution', 'execution'), (event) => void seen.push(event as (typeof seen)[number]));
    worker = await join();
    const { id } = await create();
    await eventually(() => expect(seen.filter(({ subject }) => subject === id)).toHaveLength(1));
    expect(seen.find(({ subject }) => subject === id)).toMatchObject({
      type: 'execution.execution.succeeded.v1',
      tenant: 'default',
      data: { id, status: 'succeeded', program: 'qa' },
    });
    await eventually(async () => expect(await service.dataSource.query('SELECT 1 FROM execution.outbox')).toEqual([]));
  });

  it('accepts an asynchronous call while no worker lives, and runs it when one joins', async () => {
    const accepted = await create({ wait: false });
    expect(accepted).toMatchObject({ status: 'queued', timing: null, finishedAt: null });
    worker = await join();
    expect(await ended(accepted.id)).toMatchObject({ status: 'succeeded', worker: worker.id });
  });

  it('answers no_worker after five seconds to a synchronous call, and keeps nothing of it', async () => {
    const id = randomUUID();
    const since = Date.now();
    const error = await errorOf(create({ id }));
    expect(error).toMatchObject({ code: 'no_worker', retryable: true, details: { retryAfterS: 5 } });
    expect(Date.now() - since).toBeGreaterThanOrEqual(4_900);
    expect(await errorOf(get(id))).toMatchObject({ code: 'execution_not_found' });
  });

  it('lets a synchronous call wait for a worker that comes in time', async () => {
    const call = create();
    worker = await join();
    expect(await call).toMatchObject({ status: 'succeeded' });
  });

  it('takes the same id asked twice as one execution', async () => {
    worker = await join();
    const id = randomUUID();
    const [first, second] = await Promise.all([create({ id }), create({ id })]);
    expect(first).toEqual(second);
    expect(worker.jobs.filter(({ executionId }) => executionId === id)).toHaveLength(1);
    const accepted = await create({ wait: false, id });
    expect(accepted.status).toBe('succeeded');
  });

  it('gives a job to another worker when the first dies, and stores one outcome', async () => {
    const first = await join(() => new Promise(() => undefined));
    const call = create();
    await eventually(() => expect(first.jobs).toHaveLength(1));
    await first.kill();
    worker = await join();
    expect(await call).toMatchObject({ status: 'succeeded', attempt: 2, worker: worker.id });
  });

  it('shows an execution as running once a worker is busy with it for a while, and tells of it', async () => {
    const told: Promise<ExecutionV1>[] = [];
    service.app
      .get(SignalBus)
      .subscribe<ExecutionBegunV1>(SIGNALS.executionBegun, ({ executionId }) => void told.push(get(executionId)));
    let finish = (): void => undefined;
    worker = await join(() => new Promise((resolve) => (finish = () => resolve(answer()))));
    const call = create();
    const running = await eventually(async () => {
      const [job] = worker?.jobs ?? [];
      const execution = await get(job?.executionId ?? '');
      expect(execution.status).toBe('running');
      return execution;
    });
    expect(running).toMatchObject({ worker: worker.id, attempt: 1, outputs: null });
    await eventually(() => expect(told).toHaveLength(1));
    expect(await told[0]).toEqual(running);
    finish();
    expect(await call).toMatchObject({ id: running.id, status: 'succeeded' });
  });

  it('times out a synchronous call by its own limit, and takes the job back', async () => {
    worker = await join(() => new Promise(() => undefined));
    const execution = await create({ timeoutMs: 300 });
    expect(execution).toMatchObject({ status: 'timed_out', error: { code: 'timed_out' } });
    await eventually(() => expect(worker?.told.map(({ outcome }) => outcome.status)).toEqual(['timed_out']));
    expect(worker.told[0]?.receipt).toEqual({ ok: true, data: { applied: false } });
  });

  it('cancels what runs and what waits, and says no to what has ended', async () => {
    const queued = await create({ wait: false });
    const cancel = (id: string): Promise<ExecutionV1> =>
      service.client.request<ExecutionV1>(service.ctx, REQUESTS.executionCancel, { id });
    expect(await cancel(queued.id)).toMatchObject({ status: 'cancelled', error: { code: 'cancelled' } });
    worker = await join(() => new Promise(() => undefined));
    const call = create();
    await eventually(() => expect(worker?.jobs).toHaveLength(1));
    expect(worker.jobs[0]?.executionId).not.toBe(queued.id);
    await eventually(() => get(worker?.jobs[0]?.executionId ?? ''));
    await cancel(worker.jobs[0]?.executionId ?? '');
    expect(await call).toMatchObject({ status: 'cancelled' });
    expect(await errorOf(cancel(queued.id))).toMatchObject({ code: 'execution_finished' });
    expect(await errorOf(cancel(randomUUID()))).toMatchObject({ code: 'execution_not_found' });
  });

  it('refuses an outcome for an execution it does not know, so that the worker lets go of the job', async () => {
    worker = await join();
    const { id } = await create();
    // The caller is answered before the worker is.
    const [told] = await eventually(() => {
      expect(worker?.told).toHaveLength(1);
      return worker?.told ?? [];
    });
    const again = { ...told?.outcome, executionId: id, outputs: { answer: 'Another.' } };
    expect(await service.client.request(service.ctx, REQUESTS.executionComplete, again)).toEqual({ applied: false });
    const unknown = { ...again, executionId: randomUUID() };
    expect(await service.client.request(service.ctx, REQUESTS.executionComplete, unknown)).toEqual({ applied: false });
    expect((await get(id)).outputs).toEqual({ answer: 'Because.' });
  });

  it('fails an execution whose outputs cannot be stored', async () => {
    worker = await join(() => ({ outputs: { answer: 'a\u0000b' } }));
    expect(await create()).toMatchObject({ status: 'failed', outputs: null, error: { code: 'output_invalid' } });
  });

  it.each([
    ['an unknown program', { program: 'nope' }, 'program_not_found'],
    ['a missing input', { inputs: {} }, 'invalid_inputs'],
    ['an input too many', { inputs: { question: 'a', extra: 1 } }, 'invalid_inputs'],
    ['a wrong type', { inputs: { question: 5 } }, 'invalid_inputs'],
    ['several models where the program names none', { adapter: 'multi' as const }, 'validation_failed'],
  ])('refuses %s before anything is kept', async (_what, change, code) => {
    const id = randomUUID();
    expect(await errorOf(create({ id, ...change }))).toMatchObject({ code });
    expect(await errorOf(get(id))).toMatchObject({ code: 'execution_not_found' });
  });

  it('lists by filter, newest first, page by page', async () => {
    worker = await join();
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1) ids.push((await create()).id);
    const page = (request: object): Promise<Page<ExecutionV1>> =>
      service.client.request(service.ctx, REQUESTS.executionList, request);
    const filter = { id: { in: ids }, status: { eq: 'succeeded' } };
    const first = await page({ limit: 3, filter });
    const second = await page({ limit: 3, filter, cursor: first.nextCursor });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual([...ids].reverse());
    expect(second.nextCursor).toBeNull();
    expect(await errorOf(page({ filter: { inputs: { eq: 'x' } } }))).toMatchObject({ code: 'validation_failed' });
  });

  it('hides executions of another tenant', async () => {
    worker = await join();
    const { id } = await create();
    const other = { ...service.ctx, tenant: 'other' };
    expect(await errorOf(service.client.request(other, REQUESTS.executionGet, { id }))).toMatchObject({
      code: 'execution_not_found',
    });
  });

  it('declares the work queue again when NATS comes back without it', async () => {
    const { connection, manager } = service.app.get(Nats);
    await manager.streams.delete(STREAMS.jobs);
    await connection.reconnect();
    await eventually(() => manager.consumers.info(STREAMS.jobs, workerDurable('default', 'interactive')));
    worker = await join();
    expect(await create()).toMatchObject({ status: 'succeeded' });
  });

  describe('the sweeper', () => {
    const later = (ms: number): Date => new Date(Date.now() + ms);

    it('dispatches again what was lost from the queue, and nothing else', async () => {
      const lost = await create({ wait: false });
      const waiting = await create({ wait: false });
      await service.nats.request(
        '$JS.API.STREAM.PURGE.DSPY_JOBS',
        JSON.stringify({ filter: `dspy.job.execution.*.run.v1.${lost.id}` }),
      );
      const sweeper = service.app.get(Sweeper);
      await Promise.all([sweeper.sweep(later(11_000)), sweeper.sweep(later(11_000))]);
      worker = await join();
      expect(await ended(lost.id)).toMatchObject({ status: 'succeeded' });
      expect(await ended(waiting.id)).toMatchObject({ status: 'succeeded' });
      const epochs = worker.jobs.filter(({ executionId }) => [lost.id, waiting.id].includes(executionId));
      expect(epochs.map(({ executionId, epoch }) => [executionId, epoch]).sort()).toEqual(
        [
          [lost.id, 2],
          [waiting.id, 1],
        ].sort(),
      );
    });

    it('ends what nobody waits for any more', async () => {
      const accepted = await create({ wait: false });
      await service.dataSource.query(`UPDATE execution.executions SET deadline_at = now() WHERE id = $1`, [
        accepted.id,
      ]);
      await service.app.get(Sweeper).sweep(later(15_000));
      expect(await get(accepted.id)).toMatchObject({ status: 'timed_out', error: { code: 'timed_out' } });
    });
  });
});

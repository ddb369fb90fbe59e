import { createHash, randomBytes, randomUUID } from 'node:crypto';
import {
  type ExecutionCreateV1,
  type ExecutionRunV1,
  type ExecutionV1,
  jobSubject,
  type Page,
  PAYLOAD_INLINE_MAX_BYTES,
  REQUESTS,
  STREAMS,
  type WorkerV1,
} from '@dspy-nest/contracts';
import { JobQueue, Nats } from '@dspy-nest/messaging';
import { eventually, ScriptedWorker } from '@dspy-nest/testing';
import { Sweeper } from '../src/recovery/sweeper';
import { errorOf, type RunningExecution, startExecution } from './running-execution';

const MIB = 1_048_576;
const photo = (bytes: number): string => `data:image/png;base64,${randomBytes(bytes).toString('base64')}`;
const PHOTO = photo(1.5 * MIB);
const LOOK = { program: 'look', inputs: { photo: PHOTO, question: 'What is it?' } };
const CAT = { outputs: { answer: 'A cat.' } };

/** As `toEqual`, but a difference is told in a few lines: what is compared is of megabytes. */
function expectSame(actual: unknown, expected: unknown): void {
  const short = (_name: string, value: unknown): unknown =>
    typeof value === 'string' && value.length > 100
      ? `${value.length} characters: ${createHash('sha256').update(value).digest('hex')}`
      : value;
  expect(JSON.parse(JSON.stringify(actual, short))).toEqual(JSON.parse(JSON.stringify(expected, short)));
}

jest.setTimeout(60_000);

describe('large payloads', () => {
  let service: RunningExecution;
  let worker: ScriptedWorker | undefined;

  beforeAll(async () => {
    service = await startExecution();
  });
  afterAll(() => service.stop());
  afterEach(async () => {
    await worker?.stop();
    worker = undefined;
    await eventually(async () => expect((await workers()).items).toEqual([]));
  });

  const ask = <T>(subject: string, message: object): Promise<T> =>
    service.client.request<T>(service.ctx, subject, message, { timeoutMs: 60_000 });
  const create = (change: Partial<ExecutionCreateV1>): Promise<ExecutionV1> =>
    ask(REQUESTS.executionCreate, { id: randomUUID(), program: 'qa', inputs: {}, wait: true, ...change });
  const get = (id: string): Promise<ExecutionV1> => ask(REQUESTS.executionGet, { id });
  const workers = (): Promise<Page<WorkerV1>> => ask(REQUESTS.workerList, {});
  const join = async (handler: Parameters<ScriptedWorker['onJob']>[0] = () => CAT): Promise<ScriptedWorker> => {
    const joined = await ScriptedWorker.start(service.servers.natsUrl);
    joined.onJob(handler);
    await eventually(async () => expect((await workers()).items.map(({ id }) => id)).toContain(joined.id));
    return joined;
  };
  const ended = (id: string): Promise<ExecutionV1> =>
    eventually(
      async () => {
        const execution = await get(id);
        expect(execution.finishedAt).not.toBeNull();
        return execution;
      },
      { timeoutMs: 30_000 },
    );
  const manager = () => service.app.get(Nats).manager;
  const jobOf = async (id: string): Promise<{ bytes: number; job: ExecutionRunV1 }> => {
    const subject = jobSubject('default', 'interactive', id);
    const stored = await manager().streams.getMessage(STREAMS.jobs, { last_by_subj: subject });
    return { bytes: stored?.data.length ?? 0, job: stored?.json<{ data: ExecutionRunV1 }>().data as ExecutionRunV1 };
  };
  const storeEmpties = (): Promise<void> =>
    eventually(async () => expect((await manager().streams.info(STREAMS.payloads)).state.messages).toBe(0), {
      timeoutMs: 30_000,
    });

  it('reach the worker and come back whole, and nothing of them is left in NATS', async () => {
    const answer = 'It is a cat. '.repeat(50_000);
    worker = await join(() => ({ outputs: { answer } }));
    const execution = await create(LOOK);
    expect([execution.status, execution.attempt]).toEqual(['succeeded', 1]);
    expectSame(worker.jobs[0]?.inputs, LOOK.inputs);
    expectSame([execution.inputs, execution.outputs], [LOOK.inputs, { answer }]);
    expectSame(await get(execution.id), execution);
    await storeEmpties();
  });

  it('wait in Postgres while their job waits in the queue', async () => {
    const accepted = await create({ ...LOOK, wait: false });
    expect(accepted.status).toBe('queued');
    const { bytes, job } = await eventually(async () => {
      const found = await jobOf(accepted.id);
      expect(found.bytes).toBeGreaterThan(0);
      return found;
    });
    expect(job.inputs).toBeNull();
    expect(bytes).toBeLessThan(2_000);
    await storeEmpties();
    worker = await join();
    const { status, outputs } = await ended(accepted.id);
    expect({ status, outputs }).toEqual({ status: 'succeeded', ...CAT });
    expectSame(worker.jobs[0]?.inputs, LOOK.inputs);
  });

  it('are those of more than 256 KiB as a job', async () => {
    const rest = PAYLOAD_INLINE_MAX_BYTES - 1_500;
    const small = await create({ inputs: { question: 'x'.repeat(rest) }, wait: false });
    const large = await create({ inputs: { question: 'x'.repeat(PAYLOAD_INLINE_MAX_BYTES) }, wait: false });
    await eventually(async () => {
      expect((await jobOf(small.id)).job.inputs).not.toBeNull();
      expect((await jobOf(large.id)).job.inputs).toBeNull();
    });
    worker = await join();
    for (const { id } of [small, large]) expect((await ended(id)).status).toBe('succeeded');
  });

  it('survive their worker', async () => {
    const first = await join(() => new Promise(() => undefined));
    const call = create(LOOK);
    await eventually(() => expect(first.jobs).toHaveLength(1));
    await first.kill();
    worker = await join();
    const { status, attempt, worker: by } = await call;
    expect({ status, attempt, by }).toEqual({ status: 'succeeded', attempt: 2, by: worker.id });
    await storeEmpties();
  });

  it('survive the loss of all that NATS had', async () => {
    const accepted = await create({ ...LOOK, wait: false });
    await eventually(async () => expect((await jobOf(accepted.id)).bytes).toBeGreaterThan(0));
    await manager().streams.delete(STREAMS.payloads);
    await manager().streams.purge(STREAMS.jobs);
    await service.app.get(JobQueue).declareStreams();
    await service.app.get(Sweeper).sweep(new Date(Date.now() + 11_000));
    worker = await join();
    expect((await ended(accepted.id)).status).toBe('succeeded');
    expect(worker.jobs.map(({ epoch }) => epoch)).toEqual([2]);
    expectSame(worker.jobs[0]?.inputs, LOOK.inputs);
  });

  it('asked for twice under one id are one execution', async () => {
    worker = await join();
    const id = randomUUID();
    const [first, second] = await Promise.all([create({ ...LOOK, id }), create({ ...LOOK, id })]);
    expectSame(first, second);
    expectSame(await create({ ...LOOK, id }), first);
    expect(worker.jobs.filter(({ executionId }) => executionId === id)).toHaveLength(1);
  });

  it('are written together, however many end at once', async () => {
    worker = await join(() => ({ outputs: { answer: 'x'.repeat(MIB) } }));
    const executions = await Promise.all(Array.from({ length: 4 }, () => create(LOOK)));
    expect(executions.map(({ status }) => status)).toEqual(executions.map(() => 'succeeded'));
    await storeEmpties();
  });

  it('are refused where they are no image, with a pointer and before anything is kept', async () => {
    const id = randomUUID();
    const error = await errorOf(create({ id, inputs: { question: PHOTO } }));
    expect(error).toMatchObject({
      code: 'invalid_inputs',
      details: { errors: [{ pointer: '/inputs', code: 'too_large' }] },
    });
    expect(await errorOf(get(id))).toMatchObject({ code: 'execution_not_found' });
  });

  it('run by GraphQL', async () => {
    worker = await join();
    const query = `mutation ($inputs: JSON!) {
      executeProgram(programId: "look", inputs: $inputs) { status inputs outputs omitted }
    }`;
    const response = await fetch(`${await service.app.getUrl()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: { inputs: LOOK.inputs } }),
    });
    const execution = { status: 'SUCCEEDED', inputs: LOOK.inputs, ...CAT, omitted: [] };
    expectSame(await response.json(), { data: { executeProgram: execution } });
  });

  describe('in a list', () => {
    const listed = async (ids: string[]): Promise<Map<string, ExecutionV1>> => {
      const page = await ask<Page<ExecutionV1>>(REQUESTS.executionList, { filter: { id: { in: ids } } });
      return new Map(page.items.map((item) => [item.id, item]));
    };

    it('are left out, which is said; the execution by its id has them', async () => {
      worker = await join(({ inputs }) => ({ outputs: { answer: String(inputs['question']).slice(0, 40_000) } }));
      const small = await create({ inputs: { question: 'Why?' } });
      const largeInputs = await create(LOOK);
      const wellPacked = await create({ inputs: { question: 'x'.repeat(40_000) } });
      const items = await listed([small.id, largeInputs.id, wellPacked.id]);
      expect(items.get(small.id)).toEqual(small);
      expectSame(items.get(largeInputs.id), { ...largeInputs, inputs: {}, omitted: ['inputs'] });
      const omitted = { inputs: {}, outputs: null, omitted: ['inputs', 'outputs'] };
      expectSame(items.get(wellPacked.id), { ...wellPacked, ...omitted });
      expectSame(await get(largeInputs.id), largeInputs);
      expect(largeInputs.omitted).toEqual([]);
    });

    it('are those of more than 32 KiB as JSON', async () => {
      worker = await join();
      const text = (bytes: number): string => randomBytes(bytes).toString('hex').slice(0, bytes);
      const rest = JSON.stringify({ question: '' }).length;
      const fits = await create({ inputs: { question: text(32_768 - rest) } });
      const doesNot = await create({ inputs: { question: text(32_768 - rest + 1) } });
      const items = await listed([fits.id, doesNot.id]);
      expect(items.get(fits.id)?.omitted).toEqual([]);
      expect(items.get(doesNot.id)?.omitted).toEqual(['inputs']);
    });

    it('are no outputs that were left out before there are any', async () => {
      const queued = await create({ inputs: { question: 'Why?' }, wait: false });
      expect((await listed([queued.id])).get(queued.id)).toEqual(await get(queued.id));
      worker = await join();
      await ended(queued.id);
    });
  });
});

import { randomUUID } from 'node:crypto';
import { type BatchV1, type ExecutionCreateV1, type ExecutionV1, REQUESTS, type WorkerV1 } from '@dspy-nest/contracts';
import { type JobHandler, ScriptedWorker, eventually } from '@dspy-nest/testing';
import { FAILURES_MAX } from '../src/adapters/router/circuit';
import { type RunningExecution, cheap, dear, errorOf, startExecution } from './running-execution';

jest.setTimeout(30_000);

const DEFINITION = 'question: string -> answer: string';

describe('a routed execution', () => {
  let service: RunningExecution;
  let worker: ScriptedWorker;
  const down = new Set<string>();
  const refusal = { code: 'model_unavailable', message: 'It is down.', retryable: true, details: {} };
  const askedModel: JobHandler = ({ modelId }) =>
    down.has(modelId) ? { error: refusal } : { outputs: { answer: modelId } };

  beforeAll(async () => {
    service = await startExecution();
    worker = await ScriptedWorker.start(service.servers.natsUrl);
    worker.onJob(askedModel);
    await eventually(async () => {
      const { items } = await service.client.request<{ items: WorkerV1[] }>(service.ctx, REQUESTS.workerList, {});
      expect(items).toHaveLength(1);
    });
  });
  afterAll(async () => {
    await worker?.stop();
    await service.stop();
  });
  beforeEach(() => down.clear());

  const create = (program: string, change: Partial<ExecutionCreateV1> = {}): Promise<ExecutionV1> =>
    service.client.request<ExecutionV1>(
      service.ctx,
      REQUESTS.executionCreate,
      { id: randomUUID(), program, adapter: 'router', inputs: { question: 'Why?' }, wait: true, ...change },
      { timeoutMs: 20_000 },
    );

  it('goes to the cheapest model, whatever the order, and says where it ran', async () => {
    service.publish('routed', DEFINITION, 1, { models: ['dear', 'cheap'] });
    expect(await create('routed')).toMatchObject({
      status: 'succeeded',
      adapter: 'router',
      model: 'cheap',
      outputs: { answer: cheap.id },
    });
  });

  it('goes where the call says, and past the router when the call says so', async () => {
    service.publish('told', DEFINITION, 1, { models: ['dear', 'cheap'] });
    expect(await create('told', { model: 'dear' })).toMatchObject({ model: 'dear', outputs: { answer: dear.id } });
    expect(await create('told', { adapter: 'python' })).toMatchObject({ model: 'default', adapter: 'python' });
  });

  it('has all models asked with the adapter multi, and says whose answer was taken', async () => {
    worker.onJob(({ ensemble }) => ({ outputs: { answer: 'Rome' }, answeredBy: ensemble!.models[1]!.id }));
    service.publish('asked-all', DEFINITION, 1, { models: ['dear', 'cheap'], multi: { strategy: 'vote' } });
    expect(await create('asked-all', { adapter: 'multi', cache: true })).toMatchObject({
      status: 'succeeded',
      adapter: 'multi',
      model: 'cheap',
    });
    expect(worker.jobs.at(-1)).toMatchObject({
      modelId: dear.id,
      ensemble: { strategy: 'vote', fields: ['answer'], models: [{ id: dear.id }, { id: cheap.id }] },
    });
    expect(await create('asked-all', { adapter: 'multi', cache: true })).toMatchObject({
      cached: true,
      model: 'cheap',
    });
    worker.onJob(askedModel);
  });

  it('refuses a program that names no models', async () => {
    const error = await errorOf(create('qa'));
    expect(error).toMatchObject({ code: 'validation_failed', details: { errors: [{ pointer: '/adapter' }] } });
    expect(error.message).toContain('give it "config.models"');
  });

  it('has a batch go to the cheapest model too', async () => {
    service.publish('many', DEFINITION, 1, { models: ['dear', 'cheap'] });
    const asked = { id: randomUUID(), program: 'many', adapter: 'router' };
    const batch = await service.client.request<BatchV1>(service.ctx, REQUESTS.batchCreate, asked);
    expect(batch).toMatchObject({ model: 'cheap', adapter: 'router' });
  });

  it('leaves a model alone that failed again and again, and goes to the next', async () => {
    service.publish('failing', DEFINITION, 1, { models: ['dear', 'cheap'] });
    down.add(cheap.id);
    for (let failure = 0; failure < FAILURES_MAX; failure += 1) {
      expect(await create('failing')).toMatchObject({ status: 'failed', model: 'cheap' });
    }
    expect(await create('failing')).toMatchObject({ status: 'succeeded', model: 'dear' });
    // Whoever asks for it by name still gets it, and by that it is well again.
    down.clear();
    expect(await create('failing', { model: 'cheap' })).toMatchObject({ status: 'succeeded', model: 'cheap' });
    expect(await create('failing')).toMatchObject({ status: 'succeeded', model: 'cheap' });
  });

  it('asks the cheapest all the same when no model is well', async () => {
    service.publish('hopeless', DEFINITION, 1, { models: ['dear', 'cheap'] });
    down.add(cheap.id).add(dear.id);
    for (let failure = 0; failure < 2 * FAILURES_MAX; failure += 1) await create('hopeless');
    expect(await create('hopeless')).toMatchObject({ status: 'failed', model: 'cheap' });
  });
});

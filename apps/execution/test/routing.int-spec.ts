import { randomUUID } from 'node:crypto';
import {
  type BatchV1,
  type ExecutionCreateV1,
  type ExecutionV1,
  type ModelCallV1,
  type RecordingV1,
  REQUESTS,
  type WorkerV1,
} from '@dspy-nest/contracts';
import { type JobHandler, ScriptedWorker, eventually } from '@dspy-nest/testing';
import { FAILURES_MAX } from '../src/adapters/router/circuit';
import { TIMES_MIN } from '../src/adapters/router/recent-times';
import { type RunningExecution, cheap, dear, errorOf, startExecution } from './running-execution';

jest.setTimeout(30_000);

/** What the cheap model takes. */
const CHEAP_MS = 100;
const DEFINITION = 'question: string -> answer: string';

describe('a routed execution', () => {
  let service: RunningExecution;
  let worker: ScriptedWorker;
  const down = new Set<string>();
  const refusal = { code: 'model_unavailable', message: 'It is down.', retryable: true, details: {} };
  /** Asks one model, or a chain of them one after the other, as a worker does. */
  const askedModel: JobHandler = ({ modelId, ensemble }) => {
    const chain = ensemble?.models ?? [{ id: modelId, name: 'alone' }];
    const answering = chain.find(({ id }) => !down.has(id));
    const models = chain.map(({ name: model }) => ({ model, code: refusal.code }));
    if (answering === undefined) return { error: { ...refusal, details: ensemble ? { models } : {} } };
    const answeredBy = ensemble ? { answeredBy: answering.id } : {};
    const lmMs = answering.id === cheap.id ? CHEAP_MS : 1;
    return { outputs: { answer: answering.id }, ...answeredBy, lmMs, calls: callsOf(chain, answering.id) };
  };

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

  it('goes to no model that does not say it can do what the program needs', async () => {
    const config = { models: ['dear', 'cheap'], router: { requires: { jsonSchema: true } } };
    service.publish('demanding', DEFINITION, 1, config);
    expect(await errorOf(create('demanding'))).toMatchObject({
      code: 'validation_failed',
      details: { errors: [{ pointer: '/adapter', code: 'no_capable_model' }] },
      message: expect.stringContaining('"dear" does not say jsonSchema; "cheap" does not say jsonSchema') as string,
    });
  });

  it('has a batch go to the cheapest model too', async () => {
    service.publish('many', DEFINITION, 1, { models: ['dear', 'cheap'] });
    const asked = { id: randomUUID(), program: 'many', adapter: 'router' };
    const batch = await service.client.request<BatchV1>(service.ctx, REQUESTS.batchCreate, asked);
    expect(batch).toMatchObject({ model: 'cheap', adapter: 'router' });
  });

  it('goes to the cheapest model that is quick enough', async () => {
    const config = (maxP95Ms: number) => ({ models: ['dear', 'cheap'], router: { maxP95Ms } });
    service.publish('patient', DEFINITION, 1, config(CHEAP_MS));
    service.publish('hasty', DEFINITION, 1, config(CHEAP_MS - 1));
    // While too little is known of a model it is quick enough.
    for (let time = 0; time < TIMES_MIN; time += 1) expect(await create('patient')).toMatchObject({ model: 'cheap' });
    expect(await create('patient')).toMatchObject({ model: 'cheap' });
    expect(await create('hasty')).toMatchObject({ model: 'dear' });
    expect(worker.jobs.at(-1)).toMatchObject({ ensemble: { models: [{ name: 'dear' }, { name: 'cheap' }] } });
  });

  it('goes on to the next model within it, and leaves one alone that was away again and again', async () => {
    service.publish('failing', DEFINITION, 1, { models: ['dear', 'cheap'] });
    down.add(cheap.id);
    for (let failure = 0; failure < FAILURES_MAX; failure += 1) {
      expect(await create('failing')).toMatchObject({ status: 'succeeded', model: 'dear', adapter: 'router' });
      expect(worker.jobs.at(-1)).toMatchObject({
        modelId: cheap.id,
        ensemble: { strategy: 'chain', models: [{ id: cheap.id }, { id: dear.id }] },
      });
    }
    expect(await create('failing')).toMatchObject({ status: 'succeeded', model: 'dear' });
    expect(worker.jobs.at(-1)).toMatchObject({ modelId: dear.id });
    expect(worker.jobs.at(-1)).not.toHaveProperty('ensemble');
    // Whoever asks for it by name still gets it, and by that it is well again.
    down.clear();
    expect(await create('failing', { model: 'cheap' })).toMatchObject({ status: 'succeeded', model: 'cheap' });
    expect(await create('failing')).toMatchObject({ status: 'succeeded', model: 'cheap' });
  });

  it('is done again on the model that answered, and replayed from what that one said', async () => {
    service.publish('again', DEFINITION, 1, { models: ['dear', 'cheap'] });
    down.add(cheap.id);
    const { id, model } = await create('again');
    expect(model).toBe('dear');
    const again = (subject: string): Promise<ExecutionV1> =>
      service.client.request<ExecutionV1>(service.ctx, subject, { id: randomUUID(), of: id, wait: true });
    for (const subject of [REQUESTS.executionRerun, REQUESTS.executionReplay]) {
      expect(await again(subject)).toMatchObject({ status: 'succeeded', model: 'dear', outputs: { answer: dear.id } });
      expect(worker.jobs.at(-1)).toMatchObject({ modelId: dear.id });
      expect(worker.jobs.at(-1)).not.toHaveProperty('ensemble');
    }
    const { calls } = await service.client.request<RecordingV1>(service.ctx, REQUESTS.executionRecording, { id });
    expect(calls).toMatchObject([{ model: 'dear@1', completion: 'Because.' }]);
  });

  it('asks the cheapest all the same when no model is well', async () => {
    service.publish('hopeless', DEFINITION, 1, { models: ['dear', 'cheap'] });
    down.add(cheap.id).add(dear.id);
    expect(await create('hopeless')).toMatchObject({
      status: 'failed',
      error: { code: 'model_unavailable', details: { models: [{ model: 'cheap' }, { model: 'dear' }] } },
    });
    for (let failure = 1; failure < FAILURES_MAX; failure += 1) await create('hopeless');
    expect(await create('hopeless')).toMatchObject({ status: 'failed', model: 'cheap' });
    expect(worker.jobs.at(-1)).not.toHaveProperty('ensemble');
  });
});

/** The calls of a chain up to the model that answered. */
function callsOf(chain: readonly { id: string; name: string }[], answering: string): ModelCallV1[] {
  return chain.slice(0, chain.findIndex(({ id }) => id === answering) + 1).map(({ id, name }, index) => ({
    index,
    attempt: 1,
    reason: 'first',
    model: `${name}@1`,
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 1,
    firstTokenMs: null,
    errorCode: id === answering ? null : 'model_unavailable',
    finishReason: id === answering ? 'stop' : null,
    promptTokens: null,
    completionTokens: null,
    costUsd: null,
    messages: [],
    completion: id === answering ? 'Because.' : null,
    truncated: false,
  }));
}

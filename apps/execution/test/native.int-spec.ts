import { randomUUID } from 'node:crypto';
import { type ExecutionCreateV1, type ExecutionV1, type ModelCallsV1, REQUESTS } from '@dspy-nest/contracts';
import { ScriptedModelServer, eventually } from '@dspy-nest/testing';
import { type RunningExecution, cheap, dear, errorOf, startExecution } from './running-execution';

jest.setTimeout(30_000);

const DEFINITION = 'question: string -> answer: string, score: int(min=1, max=5)';

describe('a native execution', () => {
  let service: RunningExecution;
  let model: ScriptedModelServer;

  beforeAll(async () => {
    [service, model] = await Promise.all([startExecution(), ScriptedModelServer.start()]);
    service.nats.subscribe(REQUESTS.modelConnect, {
      callback: (_error, message) => {
        const { modelId } = message.json<{ modelId: string }>();
        const data = {
          id: modelId,
          name: 'scripted',
          version: 1,
          model: 'scripted',
          baseUrl: model.url,
          apiKey: 'key-of-model',
          pricing: modelId === cheap.id ? cheap.pricing : null,
          capabilities: { grammar: false, jsonSchema: true },
          // The operator gave the address of all but one.
          ...(modelId !== dear.id && { trusted: true }),
        };
        message.respond(JSON.stringify({ ok: true, data }));
      },
    });
    await service.nats.flush();
    service.publish('native', DEFINITION);
  });
  afterAll(async () => {
    await service.stop();
    await model.stop();
  });

  const create = (change: Partial<ExecutionCreateV1> = {}): Promise<ExecutionV1> =>
    service.client.request<ExecutionV1>(
      service.ctx,
      REQUESTS.executionCreate,
      { id: randomUUID(), program: 'native', adapter: 'native', inputs: { question: 'Why?' }, wait: true, ...change },
      { timeoutMs: 20_000 },
    );
  const get = (id: string): Promise<ExecutionV1> =>
    service.client.request<ExecutionV1>(service.ctx, REQUESTS.executionGet, { id });

  it('asks for structured output and ends as on the fleet, though no worker lives', async () => {
    model.reply({ text: '{"answer": "So.", "score": "4"}', usage: { promptTokens: 10, completionTokens: 5 } });
    const execution = await create({ model: 'cheap' });
    expect(execution).toMatchObject({
      status: 'succeeded',
      adapter: 'native',
      format: 'json',
      outputs: { answer: 'So.', score: 4 },
      coercions: [{ pointer: '/outputs/score', from: '4', to: 4, rule: 'number_from_text' }],
      usage: { promptTokens: 10, completionTokens: 5, costUsd: 0.00002 },
      recovery: { modelRetries: 0, parseRetries: 0, repairs: 0 },
      attempt: 1,
    });
    expect(execution.worker).toMatch(/^native-/);
    const request = model.requests.at(-1)!;
    expect(request.headers.authorization).toBe('Bearer key-of-model');
    expect(request.body?.response_format).toMatchObject({
      type: 'json_schema',
      json_schema: { strict: true, schema: { required: ['answer', 'score'], additionalProperties: false } },
    });
    expect(await get(execution.id)).toEqual(execution);
    const calls = await service.client.request<ModelCallsV1>(service.ctx, REQUESTS.executionCalls, {
      id: execution.id,
    });
    expect(calls.items).toMatchObject([{ index: 0, reason: 'first', promptTokens: 10, errorCode: null }]);
  });

  it('asks once more for an answer that cannot be read, and then gives up', async () => {
    model.reply(({ body }) => (body?.messages?.length === 4 ? '{"answer": "a", "score": 2}' : '{"answer": "a"}'));
    expect(await create()).toMatchObject({ status: 'succeeded', recovery: { parseRetries: 1 }, outputs: { score: 2 } });
    model.reply('{"answer": "a", "score": 9}');
    expect(await create()).toMatchObject({
      status: 'failed',
      error: { code: 'output_invalid', retryable: true, details: { errors: [{ pointer: '/outputs/score' }] } },
    });
    expect(await create({ maxRetries: 0 })).toMatchObject({ recovery: { parseRetries: 0 } });
  });

  it('asks a busy model again, and takes its refusal for an answer', async () => {
    let calls = 0;
    model.reply(() => ((calls += 1) === 1 ? { status: 503, text: 'busy' } : '{"answer": "a", "score": 1}'));
    expect(await create()).toMatchObject({ status: 'succeeded', recovery: { modelRetries: 1 } });
    model.reply({ status: 400, text: 'No such key-of-model' });
    const refused = await create();
    expect(refused).toMatchObject({ status: 'failed', error: { code: 'model_error', details: { httpStatus: 400 } } });
    expect(refused.error?.message).toContain('No such [key]');
  });

  it('does not call a server in a private network that the operator did not name', async () => {
    const { received } = model;
    expect(await create({ model: 'dear' })).toMatchObject({
      status: 'failed',
      error: { code: 'model_error', message: expect.stringContaining('its address is loopback') as string },
    });
    expect(model.received).toBe(received);
  });

  it('ends in time, and leaves the model', async () => {
    const { aborted } = model;
    model.reply({ hang: true });
    expect(await create({ timeoutMs: 200 })).toMatchObject({ status: 'timed_out', error: { code: 'timed_out' } });
    expect(await create({ limits: { firstTokenMs: 50 }, maxRetries: 0 })).toMatchObject({
      status: 'failed',
      error: { code: 'model_unavailable', message: expect.stringContaining('limits.firstTokenMs') as string },
    });
    await eventually(() => expect(model.aborted).toBe(aborted + 2));
  });

  it('is cancelled while it runs for nobody who waits', async () => {
    const { aborted } = model;
    model.reply({ hang: true });
    const { id } = await create({ wait: false });
    await eventually(async () => expect(await get(id)).toMatchObject({ status: 'running' }));
    await service.client.request(service.ctx, REQUESTS.executionCancel, { id });
    expect(await get(id)).toMatchObject({ status: 'cancelled' });
    await eventually(() => expect(model.aborted).toBe(aborted + 1));
  });

  it('is refused where a worker is needed', async () => {
    expect(await errorOf(create({ format: 'chat' }))).toMatchObject({
      code: 'validation_failed',
      details: { errors: [{ pointer: '/format', code: 'not_native' }] },
    });
  });
});

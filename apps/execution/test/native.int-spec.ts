import { randomUUID } from 'node:crypto';
import {
  type BatchResultsV1,
  type BatchV1,
  type ExecutionCreateV1,
  type ExecutionV1,
  type ModelCallsV1,
  type Page,
  REQUESTS,
  type WorkerV1,
} from '@dspy-nest/contracts';
import { ScriptedModelServer, type ScriptedOutcome, ScriptedWorker, eventually } from '@dspy-nest/testing';
import { EchoAdapter } from '../../../examples/echo-adapter/echo.adapter';
import { Adapters } from '../src/adapters/adapters';
import { REPLICA_ID } from '../src/dispatch/replica';
import { ProgramsClient } from '../src/programs/programs.client';
import { Sweeper } from '../src/recovery/sweeper';
import { startReplicaProcess } from './replica-process';
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

  it('is run again, once, by another replica when its own is killed', async () => {
    const replica = await startReplicaProcess(service);
    const submitted: string[] = [];
    try {
      model.reply({ hang: true });
      const lost = await eventually(async () => {
        submitted.push((await create({ wait: false })).id);
        const running = await Promise.all(submitted.map(get));
        const other = running.find(({ worker }) => worker !== null && worker !== `native-${REPLICA_ID}`);
        expect(other).toBeDefined();
        return other!;
      });
      await replica.kill();
      model.reply('{"answer": "a", "score": 1}');
      const { received } = model;
      const others = submitted.filter((id) => id !== lost.id);
      for (const id of others) await service.client.request(service.ctx, REQUESTS.executionCancel, { id });
      const sweeper = service.app.get(Sweeper);
      const later = new Date(Date.now() + 11_000);
      await Promise.all([sweeper.sweep(later), sweeper.sweep(later)]);
      await eventually(async () => expect(await get(lost.id)).toMatchObject({ status: 'succeeded', attempt: 2 }));
      expect((await get(lost.id)).worker).toBe(`native-${REPLICA_ID}`);
      expect(model.received).toBe(received + 1);
    } finally {
      await replica.kill();
    }
  });

  it('is refused where a worker is needed', async () => {
    expect(await errorOf(create({ format: 'chat' }))).toMatchObject({
      code: 'validation_failed',
      details: { errors: [{ pointer: '/format', code: 'not_native' }] },
    });
  });

  describe('the adapter of the example', () => {
    beforeAll(() => {
      service.app.get(Adapters).register(new EchoAdapter(service.app.get(ProgramsClient)));
      service.publish('echoed', 'question: string -> answer: string');
    });
    const echo = (change: Partial<ExecutionCreateV1> = {}): Promise<ExecutionV1> =>
      create({ program: 'echoed', adapter: 'echo' as ExecutionCreateV1['adapter'], ...change });

    it('runs by its registration alone', async () => {
      const { received } = model;
      const execution = await echo();
      expect(execution).toMatchObject({
        status: 'succeeded',
        adapter: 'echo',
        outputs: { answer: '{"question":"Why?"}' },
      });
      expect(execution.worker).toMatch(/^echo-/);
      expect(model.received).toBe(received);
      expect(await get(execution.id)).toEqual(execution);
    });

    it('refuses what it cannot run, and inputs that do not fit, as any other', async () => {
      expect(await errorOf(echo({ program: 'native' }))).toMatchObject({
        code: 'validation_failed',
        details: { errors: [{ pointer: '/signature', code: 'not_echoed' }] },
      });
      expect(await errorOf(echo({ inputs: { question: 5 } }))).toMatchObject({ code: 'invalid_inputs' });
    });

    it('is not there under another name', async () => {
      expect(await errorOf(create({ adapter: 'ecco' as ExecutionCreateV1['adapter'] }))).toMatchObject({
        code: 'validation_failed',
        message: expect.stringContaining(
          'There is no adapter "ecco"; there are python, native, multi, router, echo.',
        ) as string,
      });
    });
  });

  describe('that falls back', () => {
    const ANSWER = { answer: 'So.', score: 4 };
    let worker: ScriptedWorker;
    let fallbacks = 0;

    beforeAll(() => {
      service.publish('careful', DEFINITION, 1, { fallback: 'native' });
      model.reply(JSON.stringify(ANSWER));
    });
    afterAll(() => worker?.stop());

    const careful = (change: Partial<ExecutionCreateV1> = {}): Promise<ExecutionV1> =>
      create({ program: 'careful', adapter: 'auto', ...change });
    const ended = (id: string): Promise<ExecutionV1> =>
      eventually(async () => {
        const execution = await get(id);
        expect(execution.finishedAt).not.toBeNull();
        return execution;
      });
    const onFleet = async (): Promise<ExecutionV1> => {
      await eventually(async () => {
        const fleet = await service.client.request<{ items: WorkerV1[] }>(service.ctx, REQUESTS.workerList, {});
        expect(fleet.items).toHaveLength(1);
      });
      return careful();
    };

    it('runs at once while no worker lives, and says where', async () => {
      const native = { status: 'succeeded', adapter: 'native', format: 'json', outputs: ANSWER, attempt: 1 };
      expect(await careful()).toMatchObject(native);
      const { id } = await careful({ wait: false });
      expect(await ended(id)).toMatchObject(native);
      fallbacks = 2;
    });

    it('runs on the fleet as soon as a worker lives', async () => {
      worker = await ScriptedWorker.start(service.servers.natsUrl, { lanes: ['interactive', 'batch'] });
      worker.onJob(() => ({ outputs: ANSWER }));
      expect(await onFleet()).toMatchObject({ adapter: 'python', format: 'chat', worker: worker.id });
    });

    it('is taken from workers that died, once, with what waited for them; the rest waits on', async () => {
      const held = Promise.withResolvers<ScriptedOutcome>();
      worker.onJob(() => held.promise);
      const [running, patient] = await Promise.all([
        careful({ wait: false, cache: true }),
        create({ adapter: 'auto', wait: false }),
      ]);
      await eventually(() => expect(worker.jobs.map(({ executionId }) => executionId)).toContain(patient.id));
      const [waiting, waitedFor] = [await careful({ wait: false }), careful()];
      worker.pause();
      const { received } = model;

      const native = { status: 'succeeded', adapter: 'native', format: 'json', outputs: ANSWER, attempt: 2 };
      expect(await waitedFor).toMatchObject(native);
      expect(await ended(running.id)).toMatchObject(native);
      expect(await ended(waiting.id)).toMatchObject(native);
      expect(model.received).toBe(received + 3);
      expect(await get(patient.id)).toMatchObject({ finishedAt: null, adapter: 'python' });
      fallbacks += 3;

      worker.onJob(() => ({ outputs: ANSWER }));
      held.resolve({ outputs: { answer: 'Late.', score: 1 } });
      worker.resume();
      expect(await ended(patient.id)).toMatchObject({ status: 'succeeded', adapter: 'python', worker: worker.id });
      await eventually(() =>
        expect(worker.told.find(({ outcome }) => outcome.executionId === running.id)?.receipt).toEqual({
          ok: true,
          data: { applied: false },
        }),
      );
      expect(await get(running.id)).toMatchObject(native);
      expect(await onFleet()).toMatchObject({ adapter: 'python', worker: worker.id });
    });

    it('is of a batch: each row has one result, whether the fleet dies before it or while it runs', async () => {
      const ask = <T>(subject: string, message: object): Promise<T> =>
        service.client.request<T>(service.ctx, subject, message, { timeoutMs: 20_000 });
      const begin = async (count: number): Promise<string> => {
        const rows = Array.from({ length: count }, (_, index) => ({ inputs: { question: `Why ${index}?` } }));
        const { id } = await ask<BatchV1>(REQUESTS.batchCreate, { id: randomUUID(), program: 'careful' });
        await ask(REQUESTS.batchAppend, { id, first: 0, rows });
        await ask(REQUESTS.batchClose, { id, rows: count });
        return id;
      };
      const adaptersOf = async (id: string, count: number): Promise<string[]> => {
        const batch = await eventually(async () => {
          const now = await ask<BatchV1>(REQUESTS.batchGet, { id });
          expect(now.finishedAt).not.toBeNull();
          return now;
        });
        expect(batch).toMatchObject({ status: 'completed', counts: { total: count, succeeded: count } });
        const { items } = await ask<BatchResultsV1>(REQUESTS.batchResults, { id });
        expect(items.map(({ index, outputs }) => [index, outputs])).toEqual(
          Array.from({ length: count }, (_, index) => [index, ANSWER]),
        );
        const list = { filter: { batchId: { eq: id } }, limit: 100 };
        const executions = await ask<Page<ExecutionV1>>(REQUESTS.executionList, list);
        return executions.items.map(({ adapter }) => adapter).sort();
      };
      const held = Promise.withResolvers<ScriptedOutcome>();
      const inHand: string[] = [];
      let answered = 0;
      worker.onJob(({ executionId }) => {
        if (answered < 10) {
          answered += 1;
          return { outputs: ANSWER };
        }
        inHand.push(executionId);
        return held.promise;
      });
      const { received } = model;

      const running = await begin(50);
      await eventually(async () => {
        expect(await ask<BatchV1>(REQUESTS.batchGet, { id: running })).toMatchObject({ counts: { succeeded: 10 } });
        expect(inHand).not.toHaveLength(0);
      });
      worker.pause();
      const adapters = await adaptersOf(running, 50);
      expect(adapters).toEqual([...Array<string>(40).fill('native'), ...Array<string>(10).fill('python')]);
      expect(await adaptersOf(await begin(20), 20)).toEqual(Array<string>(20).fill('native'));
      expect(model.received).toBe(received + 60);
      fallbacks += 60;

      held.resolve({ outputs: { answer: 'Late.', score: 1 } });
      worker.resume();
      await eventually(() => {
        const late = worker.told.filter(({ outcome }) => inHand.includes(outcome.executionId));
        expect(late.map(({ receipt }) => receipt)).toEqual(inHand.map(() => ({ ok: true, data: { applied: false } })));
      });
      expect(await adaptersOf(running, 50)).toEqual(adapters);
    });

    it('is counted', async () => {
      const metrics = await (await fetch(`${await service.app.getUrl()}/metrics`)).text();
      expect(metrics).toMatch(new RegExp(`^dspy_fallbacks_total\\S* ${fallbacks}$`, 'm'));
    });
  });
});

import { randomUUID } from 'node:crypto';
import { type ExecutionCreateV1, type ExecutionV1, REQUESTS } from '@dspy-nest/contracts';
import { type StoredTokens, TokenLog } from '@dspy-nest/messaging';
import { ScriptedModelServer, eventually } from '@dspy-nest/testing';
import { type RunningExecution, startExecution } from './running-execution';

jest.setTimeout(30_000);

describe('a native execution that is streamed', () => {
  let service: RunningExecution;
  let model: ScriptedModelServer;

  beforeAll(async () => {
    [service, model] = await Promise.all([startExecution(), ScriptedModelServer.start()]);
    service.nats.subscribe(REQUESTS.modelConnect, {
      callback: (_error, message) => {
        const { modelId: id } = message.json<{ modelId: string }>();
        const asked = {
          id,
          name: 'scripted',
          version: 1,
          model: 'scripted',
          baseUrl: model.url,
          apiKey: 'key-of-model',
        };
        const capabilities = { grammar: false, jsonSchema: true };
        message.respond(JSON.stringify({ ok: true, data: { ...asked, pricing: null, capabilities, trusted: true } }));
      },
    });
    await service.nats.flush();
    service.publish('native', 'question: string -> answer: string, score: int(min=1, max=5)');
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

  const ANSWER = { answer: 'Because "so" \u{1F600}.', score: 4 };
  const PIECES = ['{"answer": "Be', 'cause \\"s', 'o\\" \\ud83d', '\\ude00."', ', "score": 4}'];
  const streamed = (change: Partial<ExecutionCreateV1> = {}): Promise<ExecutionV1> =>
    create({ stream: true, ...change });
  const stored = async (id: string): Promise<StoredTokens[]> =>
    (await service.app.get(TokenLog).read('default', id, 0)).messages;
  /** The text that stands of what was told of an execution, and whether earlier text does not. */
  const told = async (id: string): Promise<{ text: string; isRestarted: boolean }> => {
    const events = (await stored(id)).flatMap((message) => message.events);
    const restart = events.findLastIndex(({ type }) => type === 'restarted');
    const text = events.slice(restart + 1).map(({ delta }) => delta);
    return { text: text.join(''), isRestarted: restart !== -1 };
  };

  it('tells its texts as they come, and ends as one that is not', async () => {
    model.reply({ tokens: PIECES, tokenDelayMs: 30 });
    const execution = await streamed();
    expect(model.requests.at(-1)!.body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
    const messages = await stored(execution.id);
    expect(messages[0]).toMatchObject({ first: 3, events: [{ type: 'token', field: 'answer', delta: 'Be' }] });
    expect(messages.length).toBeGreaterThan(1);
    expect(await told(execution.id)).toEqual({ text: ANSWER.answer, isRestarted: false });
    expect(execution.lastSequence).toBe(2 + messages.flatMap(({ events }) => events).length);
    const { outputs, usage, coercions } = await create();
    expect(model.requests.at(-1)!.body?.stream).toBeUndefined();
    expect(execution).toMatchObject({ status: 'succeeded', outputs: ANSWER, usage, coercions });
    expect(execution.outputs).toEqual(outputs);
  });

  it('begins anew after an answer that was broken off, or could not be read', async () => {
    let calls = 0;
    model.reply(() => {
      calls += 1;
      if (calls === 1) return { tokens: PIECES, tokenDelayMs: 30, cut: true, afterTokens: 2 };
      return calls === 2 ? '{"answer": "Never", "score": 9}' : { tokens: PIECES };
    });
    const execution = await streamed();
    expect(execution).toMatchObject({ outputs: ANSWER, recovery: { modelRetries: 1, parseRetries: 1 } });
    expect(await told(execution.id)).toEqual({ text: ANSWER.answer, isRestarted: true });
  });

  it('is told also by a server that knows no streams, and not by one that breaks off with an error', async () => {
    const message = { role: 'assistant', content: JSON.stringify(ANSWER) };
    model.reply({ body: JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'stop' }] }) });
    const { id, outputs } = await streamed();
    expect(outputs).toEqual(ANSWER);
    expect(await told(id)).toEqual({ text: ANSWER.answer, isRestarted: false });
    const headers = { 'content-type': 'text/event-stream' };
    model.reply({ headers, body: 'data: {"error": {"message": "no key-of-model"}}\n\n' });
    expect(await streamed({ maxRetries: 0 })).toMatchObject({
      status: 'failed',
      error: { code: 'model_unavailable', message: expect.stringContaining('broke off: no [key]') as string },
      lastSequence: 2,
    });
  });

  it('leaves the model and tells nothing more when it is cancelled', async () => {
    const { aborted } = model;
    model.reply({ tokens: PIECES, hang: true, afterTokens: 2 });
    const { id } = await create({ wait: false });
    await eventually(async () => expect((await told(id)).text).toBe('Because "s'));
    await service.client.request(service.ctx, REQUESTS.executionCancel, { id });
    await eventually(() => expect(model.aborted).toBe(aborted + 1));
    const last = (await stored(id)).at(-1)!;
    expect(last.events).toEqual([]);
    expect(await get(id)).toMatchObject({ status: 'cancelled', lastSequence: last.first - 1 });
  });
});

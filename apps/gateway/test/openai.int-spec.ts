import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { REQUESTS, SIGNALS, type ExecutionV1, type ProgramV1 } from '@dspy-nest/contracts';
import { parseSignature } from '@dspy-nest/signature';
import { eventually } from '@dspy-nest/testing';
import OpenAI from 'openai';
import { EXECUTION_EXAMPLE } from '../src/docs/examples';
import { MovingExecutions } from './moving-execution';
import { GatewayUnderTest } from './gateway-under-test';
import { ScriptedError } from './scripted-services';

const run = promisify(execFile);
const CREATED = '2026-01-05T09:30:00.000Z';
const CREATED_S = Date.parse(CREATED) / 1_000;
const CHAT = '/openai/v1/chat/completions';
const QUESTION = { role: 'user', content: 'Why?' } as const;

let gateway: GatewayUnderTest;
let openai: OpenAI;
let executions: MovingExecutions;
beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
  openai = new OpenAI({ baseURL: `${gateway.url}/openai/v1`, apiKey: 'none' });
  const { services } = gateway;
  executions = await MovingExecutions.start(gateway.servers.natsUrl, gateway.services);
  await services.on(REQUESTS.programResolve, ({ message }) => {
    if (message['name'] !== 'qa') throw new ScriptedError('program_not_found');
    if (message['version'] !== 1) throw new ScriptedError('program_version_not_found');
    return { name: 'qa', version: 1, signature: parseSignature('ask: string -> told: string', { name: 'Qa' }) };
  });
  await services.publish('qa', 'question: string, style: string? -> answer: string', 2);
  await services.publish('rank', 'question: string, texts: list[string] -> best: string, score: float');
  await services.publish('chat', 'system: string?, history: list[json]?, question: string -> answer: string');
}, 60_000);
beforeEach(() => {
  gateway.services.asked.length = 0;
});
afterAll(async () => {
  await executions.stop();
  await gateway.stop();
});

const endAs = (end: Partial<ExecutionV1>): Promise<void> =>
  gateway.services.on(REQUESTS.executionCreate, ({ message }) => ({
    ...EXECUTION_EXAMPLE,
    id: message['id'],
    program: message['program'],
    version: message['version'] ?? (message['program'] === 'qa' ? 2 : 1),
    createdAt: CREATED,
    ...end,
  }));
const created = (): Record<string, unknown>[] =>
  gateway.services.asked.filter(({ subject }) => subject === REQUESTS.executionCreate).map(({ message }) => message);
const refusal = async (body: object): Promise<unknown> => {
  const { status, body: answer } = await gateway.send<{ error: Record<string, unknown> }>('POST', CHAT, body);
  const { type, param, code, message } = answer.error;
  return { status, type, param, code, message };
};
const invalid = (param: string | null, code: string, message: RegExp) => ({
  status: 400,
  type: 'invalid_request_error',
  param,
  code,
  message: expect.stringMatching(message) as string,
});

describe('models', () => {
  const program = { name: 'qa', version: 2, createdAt: CREATED, updatedAt: '2026-01-06T09:30:00.000Z' } as ProgramV1;

  it('are the programs, all pages of them, by name and by version', async () => {
    await gateway.services.on(REQUESTS.programList, ({ message }) =>
      message['cursor'] === undefined
        ? { items: [program], nextCursor: 'more' }
        : { items: [{ ...program, name: 'rank', version: 1 }], nextCursor: null },
    );
    const models = [];
    for await (const model of openai.models.list()) models.push(model);
    expect(models.map(({ id }) => id)).toEqual(['qa', 'qa@2', 'rank', 'rank@1']);
    expect(models[0]).toEqual({ id: 'qa', object: 'model', created: CREATED_S, owned_by: 'dspy-nest' });
  });

  it('are read one by one, in any version', async () => {
    await gateway.services.on(REQUESTS.programGet, () => program);
    await gateway.services.on(REQUESTS.programVersions, ({ message }) => {
      expect(message).toMatchObject({ name: 'qa' });
      const { eq } = (message['filter'] as { version: { eq: number } }).version;
      return { items: eq === 1 ? [{ ...program, version: 1 }] : [], nextCursor: null };
    });
    expect(await openai.models.retrieve('qa')).toMatchObject({ id: 'qa', created: CREATED_S });
    expect(await openai.models.retrieve('qa@1')).toMatchObject({ id: 'qa@1', created: CREATED_S + 86_400 });
    await expect(openai.models.retrieve('qa@7')).rejects.toMatchObject({ status: 404, code: 'model_not_found' });
    await expect(openai.models.retrieve('Gpt')).rejects.toThrow(OpenAI.NotFoundError);
  });
});

describe('a completion', () => {
  it('is an execution of the program, by the text of its one required input', async () => {
    await endAs({ outputs: { answer: 'Because.' }, usage: { promptTokens: 7, completionTokens: 2, costUsd: null } });
    const { data, response, request_id } = await openai.chat.completions
      .create({ model: 'qa', messages: [QUESTION], temperature: 0.2, max_tokens: 5 })
      .withResponse();
    expect(created()).toEqual([{ id: data.id, program: 'qa', inputs: { question: 'Why?' }, wait: true }]);
    const message = { role: 'assistant', content: 'Because.', refusal: null };
    expect(data).toMatchObject({
      object: 'chat.completion',
      created: CREATED_S,
      model: 'qa@2',
      choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
      usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 },
    });
    expect(request_id).toBe(EXECUTION_EXAMPLE.traceId);
    expect(response.headers.get('dspy-nest-ignored')).toBe('temperature, max_tokens');
    expect(response.headers.get('server-timing')).toContain('total;dur=');
  });

  it('takes a JSON object for the inputs, and parts of a text for the text', async () => {
    await endAs({ outputs: { answer: 'Yes.' } });
    const ask = (content: OpenAI.ChatCompletionUserMessageParam['content']) =>
      openai.chat.completions.create({ model: 'qa', messages: [{ role: 'user', content }] });
    await ask(' {"question": "a", "style": "short"}');
    await ask([
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ]);
    await ask('{ is this JSON?');
    expect(created().map(({ inputs }) => inputs)).toEqual([
      { question: 'a', style: 'short' },
      { question: 'ab' },
      { question: '{ is this JSON?' },
    ]);
  });

  it('runs the version that the model names, and answers by its signature', async () => {
    await endAs({ outputs: { told: 'Old.' } });
    const { model, choices } = await openai.chat.completions.create({ model: 'qa@1', messages: [QUESTION] });
    expect(created()).toMatchObject([{ program: 'qa', version: 1, inputs: { ask: 'Why?' } }]);
    expect([model, choices[0]?.message.content]).toEqual(['qa@1', 'Old.']);
  });

  it('answers by the signature that it ran on, when the program was published meanwhile', async () => {
    await endAs({ version: 1, outputs: { told: 'Old.' } });
    const { choices } = await openai.chat.completions.create({ model: 'qa', messages: [QUESTION] });
    expect(choices[0]?.message.content).toBe('Old.');
  });

  it('is JSON where there is more than a text, and where JSON is asked for', async () => {
    await endAs({ outputs: { best: 'b', score: 0.5 } });
    const inputs = JSON.stringify({ question: 'a', texts: [] });
    const ranked = await openai.chat.completions.create({
      model: 'rank',
      messages: [{ role: 'user', content: inputs }],
    });
    expect(ranked.choices[0]?.message.content).toBe('{"best":"b","score":0.5}');
    await endAs({ outputs: { reasoning: ['x'], answer: 'Because.' } });
    const plain = await openai.chat.completions.create({ model: 'qa', messages: [QUESTION] });
    expect(plain.choices[0]?.message.content).toBe('Because.');
    for (const type of ['json_object', 'json_schema'] as const) {
      const response_format = { type, json_schema: { name: 'answer', schema: {} } };
      const parsed = await openai.chat.completions.parse({ model: 'qa', messages: [QUESTION], response_format });
      expect(parsed.choices[0]?.message.content).toBe('{"reasoning":["x"],"answer":"Because."}');
    }
  });

  it('gives what comes before the last message to the inputs for it', async () => {
    await endAs({ outputs: { answer: 'Yes.' } });
    const messages = [
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hi' },
      { role: 'developer', content: 'Be kind.' },
      QUESTION,
    ] as const;
    await openai.chat.completions.create({ model: 'chat', messages: [...messages] });
    const history = [messages[1], messages[2]];
    expect(created()).toMatchObject([{ inputs: { system: 'Be short.\n\nBe kind.', history, question: 'Why?' } }]);
    const twice = { role: 'user', content: '{"question": "a", "system": "b"}' };
    expect(await refusal({ model: 'chat', messages: [messages[0], twice] })).toEqual(
      invalid('messages[1].content', 'validation_failed', /"system" is given twice/),
    );
  });

  it('leaves out what the model did not count', async () => {
    await endAs({ outputs: { answer: 'a' }, usage: { promptTokens: null, completionTokens: null, costUsd: null } });
    const completion = await openai.chat.completions.create({ model: 'qa', messages: [QUESTION] });
    expect(completion).not.toHaveProperty('usage');
  });

  it('comes in pieces when asked to', async () => {
    await endAs({ outputs: { answer: 'Because.' }, usage: { promptTokens: 7, completionTokens: 2, costUsd: null } });
    const stream = openai.chat.completions.stream({
      model: 'qa',
      messages: [QUESTION],
      stream_options: { include_usage: true },
    });
    const deltas: string[] = [];
    stream.on('content', (delta) => deltas.push(delta));
    const whole = await stream.finalChatCompletion();
    expect(deltas.join('')).toBe('Because.');
    expect(whole).toMatchObject({
      id: created()[0]?.['id'],
      choices: [{ message: { content: 'Because.' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 },
    });
  });

  it('comes token by token while the model writes', async () => {
    const { promise: held, resolve: letGo } = Promise.withResolvers<ExecutionV1>();
    await gateway.services.on(REQUESTS.executionCreate, () => held);
    const opening = openai.chat.completions.create({ model: 'qa', messages: [QUESTION], stream: true });
    await eventually(() => expect(created()).toHaveLength(1));
    expect(created()[0]).toMatchObject({ wait: true, stream: true, version: 2 });
    const id = executions.accept('qa', true, String(created()[0]?.['id']));
    executions.tellAccepted(id);
    const tokens = await executions.tokens(id);
    await tokens.say('answer', 'ye');
    const chunks = (await opening)[Symbol.asyncIterator]();
    const next = async (): Promise<string | null | undefined> => {
      const { value } = (await chunks.next()) as IteratorYieldResult<OpenAI.ChatCompletionChunk>;
      return value.choices[0]?.delta.content;
    };
    expect([await next(), await next()]).toEqual(['', 'ye']);
    await tokens.say('answer', 's');
    expect(await next()).toBe('s');
    letGo(await executions.end(id, 'succeeded', 'default', tokens.lastSequence));
    expect(await next()).toBeUndefined();
    expect((await chunks.next()).done).toBe(true);
  });

  it('hands the Idempotency-Key on', async () => {
    await endAs({ outputs: { answer: 'a' } });
    const headers = { 'Idempotency-Key': 'order-17' };
    await openai.chat.completions.create({ model: 'qa', messages: [QUESTION] }, { headers });
    expect(gateway.services.last(REQUESTS.executionCreate).headers['dspy-idempotency-key']).toBe('order-17');
  });

  it('is cancelled when its client hangs up', async () => {
    const abandoned: unknown[] = [];
    await gateway.services.on(SIGNALS.executionAbandoned, ({ message }) => abandoned.push(message['executionId']));
    const { promise: held, resolve: letGo } = Promise.withResolvers<ExecutionV1>();
    await gateway.services.on(REQUESTS.executionCreate, () => held);
    const giveUp = new AbortController();
    const asking = openai.chat.completions.create({ model: 'qa', messages: [QUESTION] }, { signal: giveUp.signal });
    await eventually(() => expect(created()).toHaveLength(1));
    giveUp.abort();
    await expect(asking).rejects.toThrow(OpenAI.APIUserAbortError);
    await eventually(() => expect(abandoned).toEqual([created()[0]?.['id']]));
    letGo(EXECUTION_EXAMPLE);
  });
});

describe('what cannot be served', () => {
  const chat = { model: 'qa', messages: [QUESTION] };

  it.each([
    ['n', 2],
    ['tools', [{ type: 'function' }]],
    ['logprobs', true],
    ['modalities', ['text', 'audio']],
    ['temprature', 1],
  ])('is refused by its name: %s', async (name, value) => {
    const message = new RegExp(`The parameter "${name}" is not`);
    expect(await refusal({ ...chat, [name]: value })).toEqual(invalid(name, 'unsupported_option', message));
    expect(created()).toEqual([]);
  });

  it('is let pass where it asks for nothing', async () => {
    await endAs({ outputs: { answer: 'a' } });
    const nothing = { n: 1, tools: [], tool_choice: 'auto', logprobs: false, modalities: ['text'], seed: null };
    expect(await gateway.send('POST', CHAT, { ...chat, ...nothing })).toMatchObject({ status: 200 });
  });

  it.each([
    [{ messages: [] }, 'messages', /messages/],
    [
      { messages: [{ role: 'tool', content: 'a' }] },
      'messages[0].role',
      /must be system, developer, user or assistant/,
    ],
    [{ messages: [{ role: 'user', content: [{ type: 'image_url' }] }] }, 'messages[0].content', /of the type "text"/],
    [
      { messages: [{ role: 'assistant', content: 'a' }] },
      'messages[0].role',
      /The last message must have the role "user"/,
    ],
    [
      { messages: [{ role: 'system', content: 'a' }, QUESTION] },
      'messages[0].role',
      /declare the input "system: string\?"/,
    ],
    [{ messages: [QUESTION, QUESTION] }, 'messages[0].role', /declare the input "history: /],
    [{ model: 'rank' }, 'messages[0].content', /question: string, texts: list\[string\], as the last message/],
    [{ response_format: { type: 'yaml' } }, 'response_format.type', /response_format/],
  ])('is refused with its place: %j', async (part, param, message) => {
    expect(await refusal({ ...chat, ...part })).toEqual(invalid(param, 'validation_failed', message));
    expect(created()).toEqual([]);
  });

  it.each([
    ['program_not_found', OpenAI.NotFoundError, 'model_not_found', false],
    ['invalid_inputs', OpenAI.BadRequestError, 'invalid_inputs', false],
    ['overloaded', OpenAI.RateLimitError, 'overloaded', true],
    ['no_worker', OpenAI.InternalServerError, 'no_worker', true],
  ] as const)('is told as OpenAI tells it: %s', async (code, type, told, isTriedAgain) => {
    const errors = [{ pointer: '/inputs/question', code: 'x', message: 'y' }];
    let asked = 0;
    await gateway.services.on(REQUESTS.executionCreate, () => {
      asked += 1;
      const refused = new ScriptedError(code, { errors, retryAfterS: 0 });
      refused.wire.retryable = isTriedAgain;
      throw refused;
    });
    const thrown = await openai.chat.completions.create(chat).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(type);
    expect(thrown).toMatchObject({ code: told, param: 'inputs.question', requestID: expect.any(String) as string });
    expect(asked).toBe(isTriedAgain ? 3 : 1);
  });

  it('is never run again by the client after it has run', async () => {
    const error = { code: 'model_unavailable', message: 'Away.', retryable: true, details: {} };
    await endAs({ status: 'failed', outputs: null, error });
    const thrown = await openai.chat.completions.create(chat).catch((caught: unknown) => caught);
    expect(thrown).toBeInstanceOf(OpenAI.InternalServerError);
    expect(thrown).toMatchObject({ status: 502, code: 'model_unavailable', requestID: EXECUTION_EXAMPLE.traceId });
    expect(created()).toHaveLength(1);
  });

  it('is told so also before any route is reached', async () => {
    const shape = (code: string) => ({ error: { code, type: 'invalid_request_error' } });
    expect(await gateway.send('POST', CHAT, '{')).toMatchObject({ status: 400, body: shape('malformed_request') });
    expect(await gateway.send('POST', CHAT, '')).toMatchObject({ status: 400, body: shape('malformed_request') });
    expect(await gateway.get('/openai/v1/nothing')).toMatchObject({ status: 404, body: shape('not_found') });
    expect(await gateway.get(CHAT)).toMatchObject({ status: 405, body: shape('method_not_allowed') });
    const foreign = await gateway.getRaw('/openai/v1/models', { host: 'evil.example' });
    expect([foreign.status, JSON.parse(foreign.text)]).toMatchObject([403, { error: { type: 'permission_error' } }]);
  });
});

it('is read by the official Python client, too', async () => {
  await endAs({ outputs: { answer: 'Because.' }, usage: { promptTokens: 7, completionTokens: 2, costUsd: null } });
  await gateway.services.on(REQUESTS.programList, () => ({ items: [], nextCursor: null }));
  const script = resolve('apps/gateway/test/openai_client.py');
  const { stdout } = await run(resolve('.venv/bin/python'), [script, `${gateway.url}/openai/v1`]);
  expect(JSON.parse(stdout)).toEqual({
    models: [],
    answer: 'Because.',
    total_tokens: 9,
    parsed: 'Because.',
    pieces: 'Because.',
    usage: [9],
    awaited: 'Because.',
    missing: 'model_not_found',
    refused: { param: 'n', code: 'unsupported_option' },
  });
}, 60_000);

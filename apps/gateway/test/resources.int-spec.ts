import { REQUESTS } from '@dspy-nest/contracts';
import { parseSignature } from '@dspy-nest/signature';
import { GatewayUnderTest } from './gateway-under-test';
import { ScriptedError } from './scripted-services';

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
}, 60_000);
afterAll(() => gateway.stop());

const SIGNATURE = { name: 'RouteTicket', definition: 'ticket: string -> team: enum["a", "b"]' };
const CLOCKS = { timeoutMs: 5_000, limits: { connectMs: 100, idleMs: 200 } };
const CONFIG = {
  temperature: 0.5,
  ...CLOCKS,
  maxRetries: 0,
  maxConcurrency: 4,
  record: 'none',
  validation: { inputs: 'coerce' },
  router: { requires: { images: true, contextTokens: 8_000 } },
};
const PROGRAM = { name: 'route-ticket', signature: 'RouteTicket', signatureVersion: 2, config: CONFIG };
const MODEL = { name: 'small', model: 'gpt', baseUrl: 'http://127.0.0.1:9/v1', apiKey: 'k', pricing: null };

describe.each([
  {
    path: '/v1/signatures',
    name: 'RouteTicket',
    noun: 'signature',
    create: SIGNATURE,
    change: { instructions: 'Be brief.' },
  },
  {
    path: '/v1/programs',
    name: 'route-ticket',
    noun: 'program',
    create: PROGRAM,
    change: { module: 'ChainOfThought', model: null },
  },
  {
    path: '/v1/models',
    name: 'small',
    noun: 'model',
    create: MODEL,
    change: { apiKey: null, capabilities: { grammar: true, images: true, contextTokens: 8_000 } },
  },
] as const)('$path', ({ path, name, noun, create, change }) => {
  const stored = { id: '1', name, version: 2, stored: true };

  it('creates: 201, the body goes on as it came', async () => {
    await gateway.services.on(REQUESTS[`${noun}Create`], () => stored);
    const { status, body } = await gateway.send('POST', path, create);
    expect({ status, body }).toEqual({ status: 201, body: stored });
    const { message, headers } = gateway.services.last(REQUESTS[`${noun}Create`]);
    expect(message).toEqual(create);
    expect(headers).toMatchObject({ 'dspy-tenant': 'default', traceparent: expect.stringMatching(/^00-/) as string });
  });

  it('names what it creates by the Idempotency-Key', async () => {
    await gateway.services.on(REQUESTS[`${noun}Create`], () => stored);
    await gateway.send('POST', path, create, { 'idempotency-key': 'order-17' });
    expect(gateway.services.last(REQUESTS[`${noun}Create`]).headers['dspy-idempotency-key']).toBe('order-17');
    const refused = await gateway.send('POST', path, create, { 'idempotency-key': 'order 17' });
    expect(refused).toMatchObject({ status: 400, body: { code: 'malformed_request' } });
    expect(refused.body['detail']).toContain('Idempotency-Key');
  });

  it('lists a page', async () => {
    const page = { items: [stored], nextCursor: 'next' };
    await gateway.services.on(REQUESTS[`${noun}List`], () => page);
    const { status, body } = await gateway.get(`${path}?limit=1&cursor=c&sort=-name&filter[name][contains]=t`);
    expect({ status, body }).toEqual({ status: 200, body: page });
    expect(gateway.services.last(REQUESTS[`${noun}List`]).message).toEqual({
      limit: 1,
      cursor: 'c',
      sort: '-name',
      filter: { name: { contains: 't' } },
    });
  });

  it('reads one', async () => {
    await gateway.services.on(REQUESTS[`${noun}Get`], () => stored);
    expect(await gateway.get(`${path}/${name}`)).toMatchObject({ status: 200, body: stored });
    expect(gateway.services.last(REQUESTS[`${noun}Get`]).message).toEqual({ name });
  });

  it('names what it answers, and does not send it to who has it', async () => {
    await gateway.services.on(REQUESTS[`${noun}Get`], () => stored);
    await gateway.services.on(REQUESTS[`${noun}Update`], () => ({ ...stored, version: 3 }));
    const read = await gateway.get(`${path}/${name}`);
    expect(read.headers.get('etag')).toBe('"1.2"');
    const again = await gateway.get(`${path}/${name}`, { 'if-none-match': 'W/"0.1", "1.2"' });
    expect(again).toMatchObject({ status: 304, body: undefined });
    expect((await gateway.send('PATCH', `${path}/${name}`, change)).headers.get('etag')).toBe('"1.3"');
  });

  it.each(['PATCH', 'DELETE'] as const)('binds a %s to what the caller saw', async (method) => {
    const subject = REQUESTS[`${noun}${method === 'PATCH' ? 'Update' : 'Delete'}`];
    const send = (tag: string): Promise<{ status: number }> =>
      gateway.send(method, `${path}/${name}`, method === 'PATCH' ? change : undefined, { 'if-match': tag });
    await gateway.services.on(subject, () => {
      throw new ScriptedError('version_conflict');
    });
    expect(await send('"1.1", "1.2"')).toMatchObject({ status: 412, body: { code: 'version_conflict' } });
    expect(gateway.services.last(subject).message).toMatchObject({ ifMatch: ['1.1', '1.2'] });
    await send('*');
    expect(gateway.services.last(subject).message).not.toHaveProperty('ifMatch');
  });

  it('changes one by its name', async () => {
    await gateway.services.on(REQUESTS[`${noun}Update`], () => stored);
    expect(await gateway.send('PATCH', `${path}/${name}`, change)).toMatchObject({ status: 200, body: stored });
    expect(gateway.services.last(REQUESTS[`${noun}Update`]).message).toEqual({ ...change, name });
  });

  it('does not rename', async () => {
    expect(await gateway.send('PATCH', `${path}/${name}`)).toMatchObject({ status: 400 });
    const answer = await gateway.send('PATCH', `${path}/${name}`, { name: 'other' });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/name', code: 'unknown_member' }] } });
  });

  it('deletes one: 204 without a body', async () => {
    await gateway.services.on(REQUESTS[`${noun}Delete`], () => stored);
    expect(await gateway.send('DELETE', `${path}/${name}`)).toMatchObject({ status: 204, body: undefined });
    expect(gateway.services.last(REQUESTS[`${noun}Delete`]).message).toEqual({ name });
  });

  it.each([
    ['name_conflict', 409],
    ['in_use', 409],
    [`${noun}_not_found`, 404],
    ['validation_failed', 422],
  ])('hands on %s as %i', async (code, status) => {
    await gateway.services.on(REQUESTS[`${noun}Delete`], () => {
      throw new ScriptedError(code);
    });
    expect(await gateway.send('DELETE', `${path}/${name}`)).toMatchObject({ status, body: { code } });
  });
});

describe.each([
  ['/v1/signatures/RouteTicket/versions', REQUESTS.signatureVersions, 'RouteTicket'],
  ['/v1/programs/route-ticket/versions', REQUESTS.programVersions, 'route-ticket'],
])('%s', (path, subject, name) => {
  it('lists a page of versions', async () => {
    const page = { items: [{ version: 2 }, { version: 1 }], nextCursor: null };
    await gateway.services.on(subject, () => page);
    expect(await gateway.get(`${path}?limit=2`)).toMatchObject({ status: 200, body: page });
    expect(gateway.services.last(subject).message).toEqual({ limit: 2, name });
  });
});

describe('/v1/dead-letters', () => {
  const id = '01990a4e-2222-7aaa-8bbb-0123456789ab';
  const letter = { id, code: 'worker_crashed', replayedAs: null };

  it('lists a page', async () => {
    const page = { items: [letter], nextCursor: null };
    await gateway.services.on(REQUESTS.deadLetterList, () => page);
    expect(await gateway.get('/v1/dead-letters?limit=1')).toMatchObject({ status: 200, body: page });
    expect(gateway.services.last(REQUESTS.deadLetterList).message).toEqual({ limit: 1 });
  });

  it('reads one', async () => {
    await gateway.services.on(REQUESTS.deadLetterGet, () => letter);
    expect(await gateway.get(`/v1/dead-letters/${id}`)).toMatchObject({ status: 200, body: letter });
    expect(gateway.services.last(REQUESTS.deadLetterGet).message).toEqual({ id });
    expect(await gateway.get('/v1/dead-letters/7')).toMatchObject({
      status: 404,
      body: { code: 'dead_letter_not_found' },
    });
  });

  it('replays one: 202 with the new execution and where it is', async () => {
    await gateway.services.on(REQUESTS.deadLetterReplay, ({ message }) => ({ id: message['executionId'] }));
    const { status, headers, body } = await gateway.send('POST', `/v1/dead-letters/${id}/replay`);
    expect(status).toBe(202);
    expect(headers.get('location')).toBe(`/v1/executions/${String(body['id'])}`);
    const { message } = gateway.services.last(REQUESTS.deadLetterReplay);
    expect(message).toEqual({ id, executionId: body['id'] });
  });
});

describe('/v1/executions/{id}/feedback', () => {
  const executionId = '01990a4e-3333-7aaa-8bbb-0123456789ab';
  const path = `/v1/executions/${executionId}/feedback`;

  it('takes what is said, under a key', async () => {
    await gateway.services.on(REQUESTS.feedbackCreate, ({ message }) => ({ id: '1', ...message }));
    const said = { score: false, name: 'helpful', comment: 'No.', correction: { team: 'billing' }, source: 'model' };
    const answer = await gateway.send('POST', path, { ...said, author: 'judge' }, { 'idempotency-key': 'mine' });
    expect(answer).toMatchObject({ status: 201, body: { id: '1', executionId } });
    const { message, headers } = gateway.services.last(REQUESTS.feedbackCreate);
    expect(message).toEqual({ executionId, ...said, author: 'judge' });
    expect(headers['dspy-idempotency-key']).toBe('mine');
  });

  it.each([
    ['score', { score: 1.1 }],
    ['score', { score: '1' }],
    ['score', { score: null }],
    ['name', { score: 1, name: 'Tone' }],
    ['comment', { comment: '' }],
    ['comment', { comment: 'x'.repeat(2_001) }],
    ['correction', { correction: [] }],
    ['source', { score: 1, source: 'cat' }],
    ['author', { score: 1, author: 'x'.repeat(201) }],
    ['stars', { stars: 5 }],
  ])('refuses a wrong %s: %j', async (member, body) => {
    const { status, body: problem } = await gateway.send('POST', path, body);
    expect([status, problem['errors']]).toMatchObject([422, [{ pointer: `/${member}` }]]);
  });

  it('lists a page of what was said', async () => {
    const page = { items: [{ id: '1' }], nextCursor: 'c' };
    await gateway.services.on(REQUESTS.feedbackList, () => page);
    const answer = await gateway.get(`${path}?limit=1&sort=-score&filter[score][gte]=0.5`);
    expect(answer).toMatchObject({ status: 200, body: page });
    const filter = { score: { gte: '0.5' } };
    expect(gateway.services.last(REQUESTS.feedbackList).message).toEqual({
      executionId,
      limit: 1,
      sort: '-score',
      filter,
    });
    const unknown = { status: 404, body: { code: 'execution_not_found' } };
    expect(await gateway.get('/v1/executions/7/feedback')).toMatchObject(unknown);
  });
});

describe('POST /v1/signatures/validate', () => {
  it('gives the spec of a valid definition, canonical', async () => {
    const { status, body } = await gateway.send('POST', '/v1/signatures/validate', {
      definition: 'question -> answer',
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      valid: true,
      errors: [],
      signature: { inputs: [{ name: 'question', type: 'string' }] },
    });
  });

  it('says what is wrong and where', async () => {
    const definition = 'question: strng -> answer';
    const { status, body } = await gateway.send('POST', '/v1/signatures/validate', { definition });
    expect(status).toBe(200);
    expect(body).toEqual({
      valid: false,
      errors: [expect.objectContaining({ code: 'unknown_type', offset: 10, line: 1, column: 11, length: 5 })],
    });
  });
});

describe('GET /v1/signatures/{name}/diff', () => {
  const path = '/v1/signatures/RouteTicket/diff';

  it('hands on the versions, the second one only when it is given', async () => {
    const diff = { verdict: 'compatible', changes: [{ pointer: '/inputs/a', code: 'default_added' }] };
    await gateway.services.on(REQUESTS.signatureDiff, () => diff);
    expect(await gateway.get(`${path}?from=1&to=12`)).toMatchObject({ status: 200, body: diff });
    expect(gateway.services.last(REQUESTS.signatureDiff).message).toEqual({ name: 'RouteTicket', from: 1, to: 12 });
    await gateway.get(`${path}?from=3`);
    expect(gateway.services.last(REQUESTS.signatureDiff).message).toEqual({ name: 'RouteTicket', from: 3 });
  });

  it.each([
    ['', '/from'],
    ['?from=', '/from'],
    ['?from=0', '/from'],
    ['?from=1.5', '/from'],
    ['?from=9999999999', '/from'],
    ['?from=1&from=2', '/from'],
    ['?from=1&to=x', '/to'],
  ])('refuses %s', async (query, pointer) => {
    const { status, body } = await gateway.get(`${path}${query}`);
    expect([status, body]).toMatchObject([422, { code: 'validation_failed', errors: [{ pointer }] }]);
    expect(body['detail']).toContain('must be a version, an integer from 1');
  });

  it('does not know versions that never were', async () => {
    await gateway.services.on(REQUESTS.signatureDiff, () => {
      throw new ScriptedError('signature_not_found');
    });
    expect(await gateway.get(`${path}?from=7`)).toMatchObject({ status: 404, body: { code: 'signature_not_found' } });
  });
});

describe('GET /v1/signatures/{name}/json-schema', () => {
  it('gives both sides', async () => {
    const spec = parseSignature('ticket: string, hint: string? -> team: enum["a", "b"]', { name: 'RouteTicket' });
    await gateway.services.on(REQUESTS.signatureGet, () => spec);
    const { status, body } = await gateway.get('/v1/signatures/RouteTicket/json-schema');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      input: { type: 'object', required: ['ticket'] },
      output: { type: 'object', required: ['team'], properties: { team: { enum: ['a', 'b'] } } },
    });
  });

  it("gives both by OpenAI's strict rules", async () => {
    const spec = parseSignature('ticket: string, hint: string? -> site: url', { name: 'RouteTicket' });
    await gateway.services.on(REQUESTS.signatureGet, () => spec);
    const { status, body } = await gateway.get('/v1/signatures/RouteTicket/json-schema?variant=openai-strict');
    expect(status).toBe(200);
    expect(body).toEqual({
      input: {
        type: 'object',
        properties: { ticket: { type: 'string' }, hint: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
        required: ['ticket', 'hint'],
        additionalProperties: false,
      },
      output: {
        type: 'object',
        properties: { site: { type: 'string', description: 'An absolute URL.' } },
        required: ['site'],
        additionalProperties: false,
      },
    });
  });

  it('says at once where the strict rules have no form, and which variants there are', async () => {
    const spec = parseSignature('sizes: dict[string, int] -> teams: list[json]', { name: 'RouteTicket' });
    await gateway.services.on(REQUESTS.signatureGet, () => spec);
    const refused = await gateway.get('/v1/signatures/RouteTicket/json-schema?variant=openai-strict');
    expect(refused).toMatchObject({
      status: 422,
      body: {
        code: 'unsupported_option',
        errors: [
          { pointer: '/input/properties/sizes', code: 'not_expressible', hint: expect.any(String) as string },
          { pointer: '/output/properties/teams/items', code: 'not_expressible' },
        ],
      },
    });
    const unknown = await gateway.get('/v1/signatures/RouteTicket/json-schema?variant=a&variant=b');
    expect(unknown).toMatchObject({
      status: 422,
      body: { code: 'validation_failed', errors: [{ pointer: '/variant' }] },
    });
  });
});

describe('GET /v1/workers', () => {
  it('lists the fleet', async () => {
    const page = { items: [{ id: 'worker-1' }], nextCursor: null };
    await gateway.services.on(REQUESTS.workerList, () => page);
    expect(await gateway.get('/v1/workers')).toMatchObject({ status: 200, body: page });
  });
});

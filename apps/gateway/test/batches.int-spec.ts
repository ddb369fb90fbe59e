import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage, type Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { DspyNest, type Batch, type BatchResult } from '@dspy-nest/client';
import {
  type BatchAppendV1,
  type BatchResultV1,
  type BatchRowV1,
  type BatchStatus,
  REQUESTS,
} from '@dspy-nest/contracts';
import { signature } from '@dspy-nest/signature';
import { eventually } from '@dspy-nest/testing';
import { BATCH_EXAMPLE } from '../src/docs/examples';
import { GatewayUnderTest } from './gateway-under-test';
import { ScriptedError } from './scripted-services';

const PATH = '/v1/programs/route-ticket/batches';
const NDJSON = 'application/x-ndjson';
const MAX_ROWS = 2_000;
const ID = BATCH_EXAMPLE.id;

let first: GatewayUnderTest;
let gateway: GatewayUnderTest;
/** What the execution service was brought, and what holds its answers back. */
let rows: BatchRowV1[];
let held: Promise<void> | undefined;

beforeAll(async () => {
  first = await GatewayUnderTest.start();
  gateway = await first.replica({ DSPY_NEST_BATCH_MAX_ROWS: MAX_ROWS });
}, 60_000);
afterAll(async () => {
  await gateway.gateway.close();
  await first.stop();
});
beforeEach(async () => {
  rows = [];
  held = undefined;
  gateway.services.asked.length = 0;
  await gateway.services.on(REQUESTS.batchCreate, ({ message }) => ({ ...BATCH_EXAMPLE, id: message['id'] }));
  await gateway.services.on(REQUESTS.batchAppend, async ({ message }) => {
    await held;
    const { first: place, rows: some } = message as unknown as BatchAppendV1;
    expect(place).toBe(rows.length);
    rows.push(...some);
    return { received: some.length };
  });
  await gateway.services.on(REQUESTS.batchClose, ({ message }) => ({ ...BATCH_EXAMPLE, id: message['id'] }));
  await gateway.services.on(REQUESTS.batchAbort, ({ message }) => ({
    ...BATCH_EXAMPLE,
    id: message['id'],
    status: 'failed',
  }));
});

const asked = (subject: string) => gateway.services.asked.filter((one) => one.subject === subject);
const sendLines = (text: string, path = PATH, headers: Record<string, string> = {}) =>
  gateway.send('POST', path, text, { 'content-type': NDJSON, ...headers });

const resultOf = (index: number, chars = 1): BatchResultV1 => ({
  index,
  id: ID,
  status: 'succeeded',
  outputs: { team: 'x'.repeat(chars) },
  error: null,
  usage: { promptTokens: 1, completionTokens: 1, costUsd: null },
  totalMs: 1,
});
const upTo = (count: number, from = 0): number[] => Array.from({ length: count - from }, (_, offset) => from + offset);

/** Begins an upload whose body is written by the test. */
function beginUpload(headers: Record<string, string> = {}): {
  upload: ClientRequest;
  answer: Promise<IncomingMessage>;
} {
  const upload = request(`${gateway.url}${PATH}`, { method: 'POST', headers: { 'content-type': NDJSON, ...headers } });
  const answer = once(upload, 'response').then(([response]) => response as IncomingMessage);
  answer.catch(() => undefined);
  upload.on('error', () => undefined);
  return { upload, answer };
}

describe('POST /v1/programs/{name}/batches', () => {
  it('brings the members of an array, with the options of the query', async () => {
    const options = 'name=Tickets&version=2&model=small&adapter=python&format=json&timeoutMs=1000&maxRetries=0';
    const body = [{ ticket: 'a' }, { ticket: 'b' }, 3];
    const { status, headers, body: batch } = await gateway.send('POST', `${PATH}?${options}`, body);
    const { message } = gateway.services.last(REQUESTS.batchCreate);
    expect([status, headers.get('location')]).toEqual([202, `/v1/batches/${String(message['id'])}`]);
    expect(batch).toEqual({ ...BATCH_EXAMPLE, id: message['id'] });
    const { id: _, ...rest } = message;
    expect(rest).toEqual({
      program: 'route-ticket',
      name: 'Tickets',
      version: 2,
      model: 'small',
      adapter: 'python',
      format: 'json',
      timeoutMs: 1_000,
      maxRetries: 0,
    });
    expect(rows).toMatchObject([
      { inputs: { ticket: 'a' } },
      { inputs: { ticket: 'b' } },
      { error: { code: 'malformed_request' } },
    ]);
    expect(gateway.services.last(REQUESTS.batchClose).message).toEqual({ id: message['id'], rows: 3 });
  });

  it('brings lines in pieces, and a line that is no row with the reason', async () => {
    const lines = Array.from({ length: 1_500 }, (_, index) => JSON.stringify({ ticket: `Ä ${index}` }));
    lines[700] = '{"ticket": ';
    expect((await sendLines(lines.join('\r\n'))).status).toBe(202);
    expect(rows).toHaveLength(1_500);
    expect(rows[699]).toEqual({ inputs: { ticket: 'Ä 699' } });
    expect(rows[700]).toMatchObject({ error: { message: expect.stringContaining('Line 701: ') as string } });
    expect(asked(REQUESTS.batchAppend).length).toBeGreaterThan(1);
  });

  it('hands the key on, so that the same key is the same batch', async () => {
    await sendLines('{"ticket":"a"}', PATH, { 'idempotency-key': 'k-1' });
    expect(gateway.services.last(REQUESTS.batchCreate).headers['dspy-idempotency-key']).toBe('k-1');
  });

  it('takes nothing from a client while what it sent is not stored', async () => {
    let release = (): void => undefined;
    held = new Promise((resolve) => (release = resolve));
    const { upload, answer } = beginUpload();
    const line = Buffer.from(`${JSON.stringify({ ticket: 'x'.repeat(100_000) })}\n`);
    for (let sent = 0; sent < 500; sent += 1) upload.write(line);
    upload.end();
    await eventually(() => expect(asked(REQUESTS.batchAppend)).toHaveLength(1));
    const unsent = upload.writableLength;
    await pause(300);
    // All but what the sockets of both ends hold.
    expect(upload.writableLength).toBe(unsent);
    expect(unsent).toBeGreaterThan(20_000_000);
    release();
    expect((await answer).statusCode).toBe(202);
    expect(rows).toHaveLength(500);
  });

  it('gives an upload that goes on more time than other requests', async () => {
    const server = gateway.gateway.app.getHttpServer() as Server;
    const before = server.requestTimeout;
    server.requestTimeout = 500;
    try {
      const { upload, answer } = beginUpload();
      for (let sent = 0; sent < 12; sent += 1) {
        upload.write('{"ticket":"a"}\n');
        await pause(400);
      }
      upload.end();
      expect((await answer).statusCode).toBe(202);
      expect(rows).toHaveLength(12);
    } finally {
      server.requestTimeout = before;
    }
  });

  it('refuses more rows than a batch may have, and ends the batch', async () => {
    const { status, body } = await sendLines('{"ticket":"a"}\n'.repeat(MAX_ROWS + 1), PATH, {
      'idempotency-key': 'k-2',
    });
    expect([status, body]).toMatchObject([
      413,
      { code: 'payload_too_large', detail: expect.stringContaining('2000 rows') as string },
    ]);
    expect(gateway.services.last(REQUESTS.batchAbort).message).toMatchObject({ error: { code: 'payload_too_large' } });
    expect(asked(REQUESTS.batchClose)).toEqual([]);
  });

  it('ends the batch of a client who hangs up, unless it may come again by its key', async () => {
    const lone = beginUpload();
    lone.upload.write('{"ticket":"a"}\n');
    await eventually(() => expect(asked(REQUESTS.batchCreate)).toHaveLength(1));
    lone.upload.destroy();
    await eventually(() => expect(asked(REQUESTS.batchAbort)).toHaveLength(1));
    const keyed = beginUpload({ 'idempotency-key': 'k-3' });
    keyed.upload.write('{"ticket":"a"}\n');
    await eventually(() => expect(asked(REQUESTS.batchCreate)).toHaveLength(2));
    keyed.upload.destroy();
    await pause(300);
    expect(asked(REQUESTS.batchAbort)).toHaveLength(1);
  });

  it.each([
    ['no body', undefined, {}, 400, 'malformed_request'],
    ['an object', { inputs: {} }, {}, 400, 'malformed_request'],
    ['another form', 'a,b', { 'content-type': 'text/csv' }, 415, 'unsupported_media_type'],
  ])('refuses %s', async (_title, body, headers, status, code) => {
    expect(await gateway.send('POST', PATH, body, headers)).toMatchObject({ status, body: { code } });
  });

  it('refuses wrong options, naming each', async () => {
    const answer = await gateway.send('POST', `${PATH}?version=x&timeoutMs=0&nonsense=1`, [{ ticket: 'a' }]);
    expect(answer).toMatchObject({ status: 422, body: { code: 'validation_failed' } });
    const pointers = (answer.body as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer);
    expect(pointers).toEqual(expect.arrayContaining(['/version', '/timeoutMs']));
    expect(asked(REQUESTS.batchCreate)).toEqual([]);
  });

  it('hands on why a batch is refused', async () => {
    await gateway.services.on(REQUESTS.batchCreate, () => {
      throw new ScriptedError('program_not_found');
    });
    expect(await sendLines('{"ticket":"a"}\n')).toMatchObject({ status: 404, body: { code: 'program_not_found' } });
  });

  it('leaves lines and arrays to routes that take rows', async () => {
    const execute = '/v1/programs/route-ticket/executions';
    expect((await sendLines('{"inputs":{}}', execute)).status).toBe(415);
    expect((await gateway.send('POST', execute, [{ inputs: {} }])).status).toBe(400);
  });
});

describe('a batch', () => {
  it('is read, listed and cancelled', async () => {
    await gateway.services.on(REQUESTS.batchGet, () => BATCH_EXAMPLE);
    await gateway.services.on(REQUESTS.batchList, () => ({ items: [BATCH_EXAMPLE], nextCursor: null }));
    await gateway.services.on(REQUESTS.batchCancel, () => ({ ...BATCH_EXAMPLE, status: 'cancelling' }));
    expect(await gateway.get(`/v1/batches/${ID}`)).toMatchObject({ status: 200, body: BATCH_EXAMPLE });
    expect(await gateway.get('/v1/batches?filter[status][eq]=running')).toMatchObject({
      body: { items: [BATCH_EXAMPLE] },
    });
    expect(gateway.services.last(REQUESTS.batchList).message).toEqual({ filter: { status: { eq: 'running' } } });
    expect(await gateway.send('POST', `/v1/batches/${ID}/cancel`)).toMatchObject({
      status: 202,
      body: { status: 'cancelling' },
    });
    expect(await gateway.get('/v1/batches/nonsense')).toMatchObject({ status: 404, body: { code: 'batch_not_found' } });
  });
});

describe('GET /v1/batches/{id}/results', () => {
  let pages: number[];

  /** So many rows have ended, in pages of ten. */
  function serve(ended: number, status: BatchStatus, chars = 1): Promise<void> {
    pages = [];
    return gateway.services.on(REQUESTS.batchResults, ({ message }) => {
      const from = ((message['after'] as number | undefined) ?? -1) + 1;
      pages.push(from);
      const items = Array.from({ length: Math.max(0, Math.min(10, ended - from)) }, (_, offset) =>
        resultOf(from + offset, chars),
      );
      return { items, more: from + items.length < ended, status };
    });
  }
  async function read(query = ''): Promise<{ response: Response; indexes: number[] }> {
    const response = await fetch(`${gateway.url}/v1/batches/${ID}/results${query}`);
    const lines = (await response.text()).split('\n').filter((line) => line !== '');
    return { response, indexes: lines.map((line) => (JSON.parse(line) as BatchResultV1).index) };
  }

  it('gives what has ended as lines, page by page', async () => {
    await serve(35, 'completed');
    const { response, indexes } = await read();
    expect([response.status, response.headers.get('content-type')]).toEqual([200, NDJSON]);
    expect(response.headers.get('batch-status')).toBe('completed');
    expect(indexes).toEqual(upTo(35));
    expect(pages).toEqual([0, 10, 20, 30]);
    expect((await read('?after=29')).indexes).toEqual(upTo(35, 30));
    expect((await read('?after=34')).indexes).toEqual([]);
  });

  it('asks for no page that its reader has no room for', async () => {
    await serve(2_000, 'completed', 100_000);
    const response = await fetch(`${gateway.url}/v1/batches/${ID}/results`);
    const reader = response.body!.getReader();
    await reader.read();
    await pause(500);
    const asked = pages.length;
    await pause(300);
    expect(pages).toHaveLength(asked);
    expect(asked).toBeLessThan(50);
    await reader.cancel();
  });

  it('refuses what is no place of a row, and what is not there', async () => {
    await gateway.services.on(REQUESTS.batchResults, () => {
      throw new ScriptedError('batch_not_found');
    });
    expect(await gateway.get(`/v1/batches/${ID}/results?after=-1`)).toMatchObject({ status: 422 });
    expect(await gateway.get(`/v1/batches/${ID}/results`)).toMatchObject({
      status: 404,
      body: { code: 'batch_not_found' },
    });
  });
});

describe('the TypeScript client', () => {
  const ROUTE = signature('ticket: string -> team: enum["billing", "shipping"]');
  const nest = () => new DspyNest({ url: gateway.url, retry: { baseDelayMs: 1 } });
  const program = () => nest().program('route-ticket', ROUTE);
  async function* tickets(count: number): AsyncGenerator<{ ticket: string }> {
    for (let index = 0; index < count; index += 1) yield { ticket: `Ä ${index}`.padEnd(100) };
  }

  it('sends an array, with settings, again under its key where that may help', async () => {
    let refusals = 1;
    await gateway.services.on(REQUESTS.batchCreate, () => {
      if (refusals-- > 0) throw new ScriptedError('overloaded', { retryAfterS: 0 });
      return BATCH_EXAMPLE;
    });
    const sent = Array.from({ length: 3 }, (_, index) => ({ ticket: `${index}` }));
    const batch: Batch = await program().batch(sent, { name: 'Mine', version: 2, timeoutMs: 5_000 });
    expect([batch.id, rows]).toEqual([ID, sent.map((inputs) => ({ inputs }))]);
    const [first, second] = asked(REQUESTS.batchCreate);
    expect(second?.message).toMatchObject({ name: 'Mine', version: 2, timeoutMs: 5_000 });
    expect(first?.headers['dspy-idempotency-key']).toMatch(/^[0-9a-f]{32}$/);
    expect(second?.headers['dspy-idempotency-key']).toBe(first?.headers['dspy-idempotency-key']);
  });

  it('sends rows while they are made, and ends the batch when they throw', async () => {
    await program().batch(tickets(1_500));
    expect(rows).toHaveLength(1_500);
    expect(asked(REQUESTS.batchCreate)[0]?.headers['dspy-idempotency-key']).toBeUndefined();
    rows = [];
    async function* broken(): AsyncGenerator<{ ticket: string }> {
      yield* tickets(1_000);
      await eventually(() => expect(asked(REQUESTS.batchCreate)).toHaveLength(2));
      throw new Error('out of tickets');
    }
    await expect(program().batch(broken())).rejects.toThrow('out of tickets');
    await eventually(() => expect(asked(REQUESTS.batchAbort)).toHaveLength(1));
  });

  it('tells of what is refused, without having sent all', async () => {
    await gateway.services.on(REQUESTS.batchCreate, () => {
      throw new ScriptedError('program_not_found');
    });
    await expect(program().batch(tickets(10))).rejects.toMatchObject({ name: 'NotFoundError', status: 404 });
  });

  it('gives typed results to the last one, also of rows that end later, and goes on where it was', async () => {
    let ended = 3;
    const asks: unknown[] = [];
    await gateway.services.on(REQUESTS.batchResults, ({ message }) => {
      asks.push(message['after']);
      const from = ((message['after'] as number | undefined) ?? -1) + 1;
      const items = upTo(ended, from).map((index) => resultOf(index));
      ended = Math.min(7, ended + 2);
      return { items, more: false, status: from + items.length < 7 ? 'running' : 'completed' };
    });
    const told: number[] = [];
    for await (const result of program().results(ID, { after: 0 })) {
      const team: 'billing' | 'shipping' | undefined = result.outputs?.team;
      expect(team).toBe('x');
      told.push(result.index);
    }
    expect([told, asks]).toEqual([upTo(7, 1), [0, 2, 4]]);
  });

  it('reads, lists and cancels batches', async () => {
    await gateway.services.on(REQUESTS.batchGet, () => BATCH_EXAMPLE);
    await gateway.services.on(REQUESTS.batchList, () => ({ items: [BATCH_EXAMPLE], nextCursor: null }));
    await gateway.services.on(REQUESTS.batchCancel, () => {
      throw new ScriptedError('batch_finished');
    });
    expect(await nest().batches.get(ID)).toEqual(BATCH_EXAMPLE);
    const { items } = await nest().batches.list({ filter: { status: { eq: 'running' } } });
    expect(items).toEqual([BATCH_EXAMPLE]);
    await expect(nest().batches.cancel(ID)).rejects.toMatchObject({ name: 'ConflictError', code: 'batch_finished' });
    const results: AsyncGenerator<BatchResult> = nest().batches.results('nonsense');
    await expect(results.next()).rejects.toMatchObject({ name: 'NotFoundError', code: 'batch_not_found' });
  });
});

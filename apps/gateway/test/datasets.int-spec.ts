import { request } from 'node:http';
import { REQUESTS, type DatasetImportAppendV1, type ExampleRowV1 } from '@dspy-nest/contracts';
import { eventually } from '@dspy-nest/testing';
import { GatewayUnderTest } from './gateway-under-test';

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
}, 60_000);
afterAll(() => gateway.stop());

const DATASET = { id: '1', name: 'tickets', version: 2 };
const EXAMPLE = { inputs: { ticket: 'a' }, outputs: { team: 'billing' }, split: 'test' };

describe('/v1/datasets', () => {
  it('creates a dataset with its splits', async () => {
    await gateway.services.on(REQUESTS.datasetCreate, () => DATASET);
    const given = {
      name: 'tickets',
      signature: 'RouteTicket',
      splits: { seed: 7, validation: 0.2, test: 0.3, stratifyBy: 'team' },
    };
    const { status, headers } = await gateway.send('POST', '/v1/datasets', given);
    expect({ status, etag: headers.get('etag') }).toEqual({ status: 201, etag: '"1.2"' });
    expect(gateway.services.last(REQUESTS.datasetCreate).message).toEqual(given);
    const { status: refused } = await gateway.send('POST', '/v1/datasets', { ...given, splits: { seed: -1 } });
    expect(refused).toBe(422);
  });

  it('brings examples with what is to be done with bad ones', async () => {
    await gateway.services.on(REQUESTS.datasetAppend, () => DATASET);
    const body = { examples: [EXAMPLE], onInvalid: 'skip', dryRun: true };
    const { status } = await gateway.send('POST', '/v1/datasets/tickets/examples', body, { 'if-match': '"1.1"' });
    expect(status).toBe(200);
    expect(gateway.services.last(REQUESTS.datasetAppend).message).toEqual({
      name: 'tickets',
      rows: [EXAMPLE],
      onInvalid: 'skip',
      dryRun: true,
      ifMatch: ['1.1'],
    });
  });

  it.each([{ examples: [] }, { examples: [{ inputs: 'a' }] }, { examples: [{ ...EXAMPLE, split: 'dev' }] }])(
    'refuses %j',
    async (body) => expect((await gateway.send('POST', '/v1/datasets/tickets/examples', body)).status).toBe(422),
  );

  it('reads examples of a version and a split, from a number on', async () => {
    const page = { items: [], nextAfter: null };
    await gateway.services.on(REQUESTS.datasetExamples, () => page);
    const { body } = await gateway.send('GET', '/v1/datasets/tickets/examples?version=2&split=test&after=30&limit=10');
    expect(body).toEqual(page);
    const { message } = gateway.services.last(REQUESTS.datasetExamples);
    expect(message).toEqual({ name: 'tickets', version: 2, split: 'test', after: 30, limit: 10 });
    for (const query of ['split=dev', 'after=-1', 'limit=1000', 'offset=3']) {
      expect((await gateway.send('GET', `/v1/datasets/tickets/examples?${query}`)).status).toBe(422);
    }
  });
});

describe('/v1/datasets/{name}/imports', () => {
  const PATH = '/v1/datasets/tickets/imports';
  let rows: ExampleRowV1[];
  const csv = (text: string) => gateway.send('POST', PATH, text, { 'content-type': 'text/csv' });
  const asked = (subject: string) => gateway.services.asked.filter((one) => one.subject === subject);
  beforeEach(async () => {
    gateway.services.asked.length = 0;
    const fields = { inputs: ['ticket'], outputs: ['team'] };
    await gateway.services.on(REQUESTS.datasetGet, () => ({ ...DATASET, fields }));
    await gateway.services.on(REQUESTS.datasetImportCreate, () => {
      rows = [];
      return { ...DATASET, fields };
    });
    await gateway.services.on(REQUESTS.datasetImportAppend, ({ message }) => {
      const { first, rows: some } = message as unknown as DatasetImportAppendV1;
      expect(first).toBe(rows.length);
      rows.push(...some);
      return { received: rows.length };
    });
    await gateway.services.on(REQUESTS.datasetImportClose, () => ({ ...DATASET, version: 3 }));
    await gateway.services.on(REQUESTS.datasetImportAbort, () => ({}));
    await gateway.services.on(REQUESTS.datasetPreview, () => ({ items: [] }));
  });

  it('brings CSV in pieces, with what is asked of it', async () => {
    const text = `Text,team\n${Array.from({ length: 2_500 }, (_, index) => `"Ticket, ${index}",billing\n`).join('')}`;
    const query = '?onInvalid=skip&dryRun=true&column=ticket:Text&column=team:team';
    const { status, headers } = await gateway.send('POST', `${PATH}${query}`, text, {
      'content-type': 'text/csv; charset=utf-8',
      'idempotency-key': 'file-1',
      'if-match': '"1.1"',
    });
    expect({ status, etag: headers.get('etag') }).toEqual({ status: 200, etag: '"1.3"' });
    const { message: begun } = gateway.services.last(REQUESTS.datasetImportCreate);
    expect(begun).toMatchObject({ name: 'tickets', onInvalid: 'skip', dryRun: true, ifMatch: ['1.1'] });
    expect(rows).toHaveLength(2_500);
    expect(rows[2_499]).toEqual({ line: 2_501, inputs: { ticket: 'Ticket, 2499' }, outputs: { team: 'billing' } });
    expect(asked(REQUESTS.datasetImportAppend)).toHaveLength(3);
    const closed = gateway.services.last(REQUESTS.datasetImportClose);
    expect(closed.message).toMatchObject({ id: begun['id'], rows: 2_500 });
    expect(closed.headers['dspy-idempotency-key']).toBe('file-1');
  });

  it('knows the same file again, and not another one', async () => {
    const digest = () => gateway.services.last(REQUESTS.datasetImportClose).message['digest'];
    await csv('ticket\na\n');
    const first = digest();
    await csv('ticket\na\n');
    expect(digest()).toBe(first);
    await csv('ticket\nb\n');
    expect(digest()).not.toBe(first);
  });

  it.each([
    ['ticket,nothing\na,b', 'text/csv', '', 422],
    ['ticket\na', 'text/csv', '?column=ticket', 422],
    ['ticket\na', 'text/csv', '?onInvalid=keep', 422],
    ['[]', 'application/json', '', 415],
    ['ticket', 'text/plain', '', 415],
  ])('refuses %j as %s%s', async (text, contentType, query, status) => {
    const answer = await gateway.send('POST', `${PATH}${query}`, text, { 'content-type': contentType });
    expect(answer.status).toBe(status);
    expect(asked(REQUESTS.datasetImportAbort)).toHaveLength(asked(REQUESTS.datasetImportCreate).length);
  });

  it('adds nothing of a file whose sender hangs up', async () => {
    const upload = request(`${gateway.url}${PATH}`, { method: 'POST', headers: { 'content-type': 'text/csv' } });
    upload.on('error', () => undefined);
    upload.write(`ticket\n${'a\n'.repeat(3_000)}`);
    await eventually(() => expect(rows.length).toBeGreaterThan(0));
    upload.destroy();
    await eventually(() => expect(asked(REQUESTS.datasetImportAbort)).toHaveLength(1));
    expect(asked(REQUESTS.datasetImportClose)).toEqual([]);
  });

  it('brings executions with what they should have answered', async () => {
    const [id, unknown] = ['01990a4e-6b1c-7cc3-98a1-3f0e5b7c2d12', '01990a4e-6b1c-7cc3-98a1-3f0e5b7c2d13'];
    const whole = { id: '1', inputs: { ticket: 'a' }, outputs: { team: 'x' }, omitted: [] };
    await gateway.services.on(REQUESTS.executionList, ({ message }) =>
      message['cursor'] === undefined
        ? { items: [{ ...whole, outputs: { reasoning: [], team: 'x' } }], nextCursor: 'c' }
        : {
            items: [
              { ...whole, id, inputs: { ticket: 'b' } },
              { ...whole, id: '3', inputs: null },
              { ...whole, id: '4', inputs: {}, outputs: null, omitted: ['inputs', 'outputs'] },
            ],
            nextCursor: null,
          },
    );
    await gateway.services.on(REQUESTS.executionGet, () => ({ ...whole, inputs: { ticket: 'long' } }));
    const said = [id, '4'].map((executionId) => ({ executionId, correction: { team: 'shipping' } }));
    await gateway.services.on(REQUESTS.feedbackCorrections, ({ message }) => ({
      items: said.filter(({ executionId }) => (message['executionIds'] as string[]).includes(executionId)),
    }));
    const filter = { program: { eq: 'route-ticket' } };
    const corrections = [id, unknown].map((execution) => ({ execution, outputs: { team: 'billing' } }));
    const { status } = await gateway.send('POST', `${PATH}/executions`, { filter, corrections, onInvalid: 'skip' });
    expect(status).toBe(200);
    expect(rows).toMatchObject([
      { line: 1, inputs: { ticket: 'a' }, outputs: { team: 'x' } },
      { line: 2, inputs: { ticket: 'b' }, outputs: { team: 'billing' } },
      { line: 3, error: { code: 'inputs_not_kept' } },
      { line: 4, inputs: { ticket: 'long' }, outputs: { team: 'shipping' } },
      { line: 5, error: { code: 'execution_not_found' } },
    ]);
    expect(rows[0]).not.toHaveProperty('outputs.reasoning');
    const { message } = gateway.services.last(REQUESTS.executionList);
    expect(message).toEqual({ filter, sort: 'createdAt', limit: 200, cursor: 'c' });
    expect((await gateway.send('POST', `${PATH}/executions`, { filter: 3 })).status).toBe(422);
  });

  it('shows the first rows and reads no more', async () => {
    const lines = Array.from({ length: 50 }, (_, index) => JSON.stringify({ ticket: `${index}` })).join('\n');
    const type = { 'content-type': 'application/x-ndjson' };
    expect((await gateway.send('POST', `${PATH}/preview?limit=2`, lines, type)).body).toEqual({ items: [] });
    expect(gateway.services.last(REQUESTS.datasetPreview).message).toEqual({
      name: 'tickets',
      rows: [0, 1].map((index) => ({ line: index + 1, inputs: { ticket: `${index}` }, outputs: {} })),
    });
    expect(asked(REQUESTS.datasetImportCreate)).toEqual([]);
    expect((await gateway.send('POST', `${PATH}/preview?limit=0`, lines, type)).status).toBe(422);
  });
});

describe('GET /v1/datasets/{name}/export', () => {
  it('writes the examples of a version as a file, page by page', async () => {
    const fields = { inputs: ['ticket'], outputs: ['team'] };
    await gateway.services.on(REQUESTS.datasetGet, () => ({ ...DATASET, fields }));
    await gateway.services.on(REQUESTS.datasetExamples, ({ message }) =>
      message['after'] === undefined
        ? { items: [EXAMPLE], nextAfter: 7 }
        : { items: [{ ...EXAMPLE, inputs: { ticket: '=1' } }], nextAfter: null },
    );
    const response = await fetch(`${gateway.url}/v1/datasets/tickets/export?format=csv&split=test`);
    expect(await response.text()).toBe("ticket,team,split\r\na,billing,test\r\n'=1,billing,test\r\n");
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename="tickets-v2-test.csv"',
    });
    const { message } = gateway.services.last(REQUESTS.datasetExamples);
    expect(message).toEqual({ name: 'tickets', version: 2, split: 'test', after: 7, limit: 200 });
    const lines = await fetch(`${gateway.url}/v1/datasets/tickets/export`);
    expect((await lines.text()).split('\n').map((line) => line && (JSON.parse(line) as object))).toHaveLength(3);
    expect((await gateway.send('GET', '/v1/datasets/tickets/export?format=xls&version=0')).status).toBe(422);
  });
});

describe('comparisons of /v1/datasets/{name}', () => {
  it('reads numbers of a query, and refuses what is none', async () => {
    for (const subject of [REQUESTS.datasetDiff, REQUESTS.datasetLeakage]) {
      await gateway.services.on(subject, () => ({ name: 'tickets' }));
    }
    expect((await gateway.send('GET', '/v1/datasets/tickets/diff?from=1&to=2')).status).toBe(200);
    expect(gateway.services.last(REQUESTS.datasetDiff).message).toEqual({ name: 'tickets', from: 1, to: 2 });
    expect((await gateway.send('GET', '/v1/datasets/tickets/leakage?version=2&similarity=0.9')).status).toBe(200);
    const { message } = gateway.services.last(REQUESTS.datasetLeakage);
    expect(message).toEqual({ name: 'tickets', version: 2, similarity: 0.9 });
    for (const query of ['diff', 'diff?from=1&to=x', 'diff?from=0&to=2', 'leakage?similarity=0.1', 'leakage?to=1']) {
      expect((await gateway.send('GET', `/v1/datasets/tickets/${query}`)).status).toBe(422);
    }
  });
});

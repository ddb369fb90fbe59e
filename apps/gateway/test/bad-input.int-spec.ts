import type { Server } from 'node:http';
import { connect } from 'node:net';
import { ReadableStream } from 'node:stream/web';
import { REQUESTS } from '@dspy-nest/contracts';
import { GatewayUnderTest, type Answer } from './gateway-under-test';
import { ScriptedError } from './scripted-services';

const EXECUTE = '/v1/programs/route-ticket/executions';

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
}, 60_000);
afterAll(() => gateway.stop());

function expectProblem(answer: Answer, status: number, code: string): void {
  expect(answer.body).toMatchObject({ status, code, type: `urn:dspy-nest:problem:${code}` });
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.headers.get('traceparent')).toContain(String(answer.body['traceId']));
  expect(Array.isArray(answer.body['errors'])).toBe(true);
  expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|\.ts:|at \w+ \(/);
}

describe('bodies', () => {
  it('refuses 10 MB with 413', async () => {
    const answer = await gateway.send('POST', EXECUTE, { inputs: { ticket: 'x'.repeat(10_000_000) } });
    expectProblem(answer, 413, 'payload_too_large');
    expect(answer.body['detail']).toMatch(
      /^The body has 10000\d\d\d bytes besides its images; at most 1048576 are taken/,
    );
  });

  it('refuses more than 16 MiB of images, and any beyond 1 MiB where nothing is executed', async () => {
    const image = (bytes: number): string => `data:image/png;base64,${'A'.repeat(bytes)}`;
    const photos = { inputs: { photos: [image(9_000_000), image(9_000_000)] } };
    const tooMany = await gateway.send('POST', EXECUTE, photos);
    expectProblem(tooMany, 413, 'payload_too_large');
    expect(tooMany.body['detail']).toContain('larger than 16777216 bytes');
    const program = { name: 'look', signature: image(1_100_000) };
    const elsewhere = await gateway.send('POST', '/v1/programs', program);
    expectProblem(elsewhere, 413, 'payload_too_large');
    expect(elsewhere.body['detail']).toContain('larger than 1048576 bytes');
  });

  it('refuses 10 MB that come without a length', async () => {
    const chunks = Array.from({ length: 160 }, () => new TextEncoder().encode('x'.repeat(65_536)));
    const body = ReadableStream.from(chunks);
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body, duplex: 'half' };
    const response = await fetch(`${gateway.url}${EXECUTE}`, init as unknown as RequestInit);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'payload_too_large' });
  });

  it.each([
    ['is no UTF-8', 400, 'malformed_request', 'The body is no UTF-8', 'caf\xe9', {}],
    ['is compressed', 415, 'unsupported_media_type', 'The content encoding "br"', 'tea', { 'content-encoding': 'br' }],
  ])('refuses what %s', async (_, status, code, detail, ticket, headers) => {
    const body = Buffer.from(JSON.stringify({ inputs: { ticket } }), 'latin1');
    const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body };
    const response = await fetch(`${gateway.url}${EXECUTE}`, init);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code, detail: expect.stringContaining(detail) as string });
  });

  it('refuses JSON 10,000 deep and says where', async () => {
    const answer = await gateway.send('POST', EXECUTE, `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`);
    expectProblem(answer, 400, 'malformed_request');
    expect(answer.body['errors']).toEqual([expect.objectContaining({ code: 'json_too_deep', line: 1, column: 321 })]);
  });

  it('refuses broken JSON and says where', async () => {
    const answer = await gateway.send('POST', EXECUTE, '{\n"inputs": {"a": 1,}}');
    expectProblem(answer, 400, 'malformed_request');
    expect(answer.body['detail']).toContain('line 2, column 19');
  });

  it.each(['[]', '"text"', 'null', '{"inputs":{"__proto__":{}}}'])('refuses %s', async (body) => {
    expectProblem(await gateway.send('POST', EXECUTE, body), 400, 'malformed_request');
  });

  it('refuses an execution without a body', async () => {
    expectProblem(await gateway.send('POST', EXECUTE), 400, 'malformed_request');
  });

  it('refuses what is not JSON with 415', async () => {
    for (const contentType of [
      'text/plain',
      'application/xml',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      expectProblem(
        await gateway.send('POST', EXECUTE, 'a=1', { 'content-type': contentType }),
        415,
        'unsupported_media_type',
      );
    }
  });

  it('still serves after all that', async () => {
    expect((await gateway.get('/livez')).status).toBe(200);
  });
});

describe('bodies that break the rules of a resource', () => {
  it.each([
    ['/v1/signatures', { name: 'lower', definition: 'a -> b' }, '/name'],
    ['/v1/signatures', { name: 'Upper' }, '/definition'],
    ['/v1/signatures', { name: 'Upper', definition: 'a -> b', more: 1 }, '/more'],
    ['/v1/programs', { name: 'Upper', signature: 'A' }, '/name'],
    ['/v1/programs', { name: 'qa', signature: 'A', module: 'eval' }, '/module'],
    ['/v1/programs', { name: 'qa', signature: 'A', config: { temperature: 3 } }, '/config/temperature'],
    ['/v1/programs', { name: 'qa', signature: 'A', config: { seed: 3 } }, '/config/seed'],
    ['/v1/programs', { name: 'qa', signature: 'A', config: [] }, '/config'],
    ['/v1/programs', { name: 'qa', signature: 'A', config: { timeoutMs: 600_001 } }, '/config/timeoutMs'],
    ['/v1/programs', { name: 'qa', signature: 'A', config: { maxRetries: 11 } }, '/config/maxRetries'],
    ['/v1/programs', { name: 'qa', signature: 'A', config: { maxConcurrency: 0 } }, '/config/maxConcurrency'],
    ['/v1/programs', { name: 'qa', signature: 'A', config: { record: 'some' } }, '/config/record'],
    ['/v1/programs', { name: 'qa', signature: 'A', config: { validation: 'strict' } }, '/config/validation'],
    [
      '/v1/programs',
      { name: 'qa', signature: 'A', config: { validation: { inputs: 'lax' } } },
      '/config/validation/inputs',
    ],
    ['/v1/programs', { name: 'qa', signature: 'A', config: { limits: { idleMs: 0 } } }, '/config/limits/idleMs'],
    ['/v1/programs', { name: 'qa', signature: 'A', config: { limits: { readMs: 1 } } }, '/config/limits/readMs'],
    ['/v1/models', { name: 'm', model: 'x', baseUrl: 'file:///etc/passwd' }, '/baseUrl'],
    [
      '/v1/models',
      { name: 'm', model: 'x', baseUrl: 'http://127.0.0.1:1/v1', pricing: { inputPerMillionUsd: -1 } },
      '/pricing/inputPerMillionUsd',
    ],
    [EXECUTE, { inputs: 'text' }, '/inputs'],
    [EXECUTE, { inputs: {}, modle: 'x' }, '/modle'],
    [EXECUTE, { inputs: {}, timeoutMs: 600_001 }, '/timeoutMs'],
    [EXECUTE, { inputs: {}, format: 'yaml' }, '/format'],
    [EXECUTE, { inputs: {}, version: 0 }, '/version'],
    [EXECUTE, { inputs: {}, limits: { connectMs: 1.5 } }, '/limits/connectMs'],
    [EXECUTE, { inputs: {}, limits: { readMs: 1 } }, '/limits/readMs'],
    [EXECUTE, { inputs: {}, limits: [1] }, '/limits'],
    [EXECUTE, { inputs: {}, maxRetries: -1 }, '/maxRetries'],
    [EXECUTE, { inputs: {}, lane: 'fast' }, '/lane'],
    [EXECUTE, { inputs: {}, cache: 'yes' }, '/cache'],
  ])('POST %s %j points at %s', async (path, body, pointer) => {
    const answer = await gateway.send('POST', path, body);
    expectProblem(answer, 422, 'validation_failed');
    expect(answer.body['errors']).toEqual(expect.arrayContaining([expect.objectContaining({ pointer })]));
  });
});

describe('the Idempotency-Key of an execution', () => {
  it.each(['', 'a b', 'x'.repeat(256), 'schlüssel'])('is refused when it is "%s"', async (key) => {
    const answer = await gateway.send('POST', EXECUTE, { inputs: {} }, { 'idempotency-key': key });
    expectProblem(answer, 400, 'malformed_request');
    expect(answer.body['detail']).toContain('Idempotency-Key');
    expect(answer.body['errors']).toEqual([expect.objectContaining({ code: 'invalid_idempotency_key' })]);
  });
});

describe('queries, paths and methods', () => {
  it.each([
    ['limit=0', 'limit'],
    ['page=2', 'page'],
    ['filter[status][like]=x', 'filter[status][like]'],
    ['limit=1&limit=2', 'limit'],
    ['sort=a%20b', 'sort'],
  ])('refuses ?%s by name', async (query, name) => {
    const answer = await gateway.get(`/v1/executions?${query}`);
    expectProblem(answer, 422, 'validation_failed');
    expect(answer.body['detail']).toContain(`"${name}"`);
  });

  it.each([
    ['/v1/programs/Nope', 'program_not_found'],
    ['/v1/signatures/nope', 'signature_not_found'],
    ['/v1/models/NOPE', 'model_not_found'],
    ['/v1/executions/nope', 'execution_not_found'],
    ['/v1/programs/..%2f..%2fetc', 'program_not_found'],
    ['/nothing/here', 'not_found'],
    ['/v1/programs/', 'not_found'],
  ])('answers 404 for %s without asking anybody', async (path, code) => {
    expectProblem(await gateway.get(path), 404, code);
  });

  it('answers 405 with the methods that are served', async () => {
    const answer = await gateway.send('PUT', '/v1/programs/qa', {});
    expectProblem(answer, 405, 'method_not_allowed');
    expect(answer.headers.get('allow')).toBe('DELETE, GET, HEAD, OPTIONS, PATCH');
  });

  it('answers OPTIONS with the methods that are served, and HEAD as GET without the body', async () => {
    const options = await gateway.send('OPTIONS', '/v1/programs');
    expect(options.status).toBe(204);
    expect(options.headers.get('allow')).toBe('GET, HEAD, OPTIONS, POST');
    expectProblem(await gateway.send('OPTIONS', '/nothing/here'), 404, 'not_found');
    const head = await gateway.send('HEAD', '/livez');
    expect(head).toMatchObject({ status: 200, body: undefined });
    expect(head.headers.get('content-length')).toBe('15');
  });

  it.each(['a', '"a', '"a" "b"'])('refuses If-Match %s by name', async (tag) => {
    const answer = await gateway.send('DELETE', '/v1/programs/qa', undefined, { 'if-match': tag });
    expectProblem(answer, 400, 'malformed_request');
    expect(answer.body['errors']).toEqual([expect.objectContaining({ code: 'invalid_if_match' })]);
  });

  it('answers a URL that cannot be decoded, or is too long, with 400', async () => {
    expectProblem(await gateway.get('/v1/programs/%E0%A4%A'), 400, 'malformed_request');
    expectProblem(await gateway.get(`/v1/programs/${'a'.repeat(1_000)}`), 400, 'malformed_request');
  });
});

describe('callers', () => {
  it.each([
    { host: 'example.com' },
    { host: 'rebound.example.com:4000' },
    { origin: 'https://evil.example.com' },
    { origin: 'null' },
  ])('refuses %j', async (headers) => {
    const { status, text } = await gateway.getRaw('/v1/programs', { host: 'localhost', ...headers });
    expect(status).toBe(403);
    expect(JSON.parse(text)).toMatchObject({
      code: 'forbidden',
      detail: expect.stringContaining('use localhost') as string,
    });
  });

  it.each(['localhost:1', '127.0.0.1', '127.3.2.1:4000', '[::1]:4000'])('serves the host %s', async (host) => {
    expect((await gateway.getRaw('/livez', { host, origin: `http://${host}` })).status).toBe(200);
  });

  it('refuses headers over 16 KiB with 431', async () => {
    const { status, text } = await gateway.getRaw('/livez', { 'x-large': 'x'.repeat(20_000) });
    expect(status).toBe(431);
    expect(JSON.parse(text)).toMatchObject({ status: 431, code: 'malformed_request' });
  });

  it('refuses more than 100 headers, and says how many are taken', async () => {
    const headers = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`x-${index}`, '1']));
    const { status, text } = await gateway.getRaw('/livez', headers);
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({
      code: 'malformed_request',
      detail: expect.stringContaining('at most 100') as string,
    });
  });

  it('bounds how long a request may take to arrive', () => {
    const { headersTimeout, requestTimeout } = gateway.gateway.app.getHttpServer() as Server;
    expect([headersTimeout, requestTimeout]).toEqual([15_000, 30_000]);
  });

  it.each([
    ['hello', 400, 'malformed_request'],
    ['GET *nothing HTTP/1.1\r\nhost: localhost\r\nconnection: close', 404, 'not_found'],
    ['OPTIONS * HTTP/1.1\r\nhost: localhost\r\nconnection: close', 404, 'not_found'],
    ['GET /livez HTTP/1.1\r\nconnection: close', 403, 'forbidden'],
    ['GET http://localhost/nothing HTTP/1.1\r\nhost: localhost\r\nconnection: close', 404, 'not_found'],
    ['QUERY /v1/programs HTTP/1.1\r\nhost: localhost\r\nconnection: close', 405, 'method_not_allowed'],
    ['GET /readyz?scope=all HTTP/1.1\r\nhost: localhost\r\nconnection: close', 422, 'validation_failed'],
    ['PURGE /livez HTTP/1.1\r\nhost: localhost\r\nconnection: close', 405, 'method_not_allowed'],
  ])('answers %j with a problem of status %i', async (head, status, code) => {
    const { hostname, port } = new URL(gateway.url);
    const socket = connect(Number(port), hostname, () => socket.write(`${head}\r\n\r\n`));
    let text = '';
    for await (const chunk of socket.setEncoding('utf8')) text += chunk as string;
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*application/problem\\+json[^]*"code":"${code}"`));
  });
});

describe('errors of the services', () => {
  it('keeps code, text, places and Retry-After', async () => {
    const errors = [{ pointer: '/inputs/ticket', code: 'required', message: 'is missing', hint: 'Give it.' }];
    await gateway.services.on(REQUESTS.programGet, () => {
      throw new ScriptedError('too_many_requests', { errors, retryAfterS: 1.5 });
    });
    const answer = await gateway.get('/v1/programs/qa');
    expectProblem(answer, 429, 'too_many_requests');
    expect(answer.body).toMatchObject({ detail: 'scripted too_many_requests', errors });
    expect(answer.headers.get('retry-after')).toBe('2');
  });

  it('tells a code of a newer version as internal', async () => {
    await gateway.services.on(REQUESTS.programGet, () => {
      throw new ScriptedError('brand_new');
    });
    expectProblem(await gateway.get('/v1/programs/qa'), 500, 'internal');
  });

  it('answers 503 when a service does not run', async () => {
    const answer = await gateway.get('/v1/models');
    expectProblem(answer, 503, 'service_unavailable');
    expect(answer.body['detail']).toContain('registry');
  });

  it('hides an answer that makes no sense', async () => {
    await gateway.services.on(REQUESTS.signatureGet, () => ({ inputs: 'not a list' }));
    expectProblem(await gateway.get('/v1/signatures/Qa/json-schema'), 500, 'internal');
  });
});

describe('every answer', () => {
  it('continues the trace it was given', async () => {
    const traceId = 'ab'.repeat(16);
    const { headers } = await gateway.get('/livez', { traceparent: `00-${traceId}-${'cd'.repeat(8)}-01` });
    expect(headers.get('traceparent')).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
  });

  it('starts a trace of its own when the given one is broken', async () => {
    const { headers } = await gateway.get('/livez', { traceparent: '00-zz-1-01' });
    expect(headers.get('traceparent')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  });

  it('does not say what it is built with', async () => {
    const { headers } = await gateway.get('/livez');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('server')).toBeNull();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createProgram, execute, GatewayAnswerError, waitForReady } from '../start/gateway-client';

let server: Server | undefined;

/** A server that gives these answers one after the other, the last one for ever. */
async function answering(...answers: [status: number, body: unknown][]): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  server = createServer((request, response) => {
    const [status, body] = answers[Math.min(asked.length, answers.length - 1)] ?? [500, {}];
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const forEver = new AbortController().signal;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

describe('waitForReady', () => {
  it('asks until the gateway is ready', async () => {
    const { url, asked } = await answering([503, {}], [503, {}], [200, {}]);
    await waitForReady(`${url}/readyz`, { timeoutMs: 10_000, signal: forEver });
    expect(asked).toEqual(['GET /readyz', 'GET /readyz', 'GET /readyz']);
  });

  it('says what is missing when it gives up', async () => {
    const { url } = await answering([503, { detail: 'no live worker' }]);
    await expect(waitForReady(url, { timeoutMs: 50, signal: forEver })).rejects.toThrow('no live worker');
  });

  it('ends with the start', async () => {
    const { url } = await answering([503, {}]);
    await expect(waitForReady(url, { timeoutMs: 60_000, signal: AbortSignal.abort() })).resolves.toBeUndefined();
  });
});

describe('createProgram', () => {
  const body = { name: 'p', signature: 'a -> b' };

  it.each([
    ['was created', 201, {}],
    ['is there already', 409, { code: 'name_conflict' }],
  ])('is content when the program %s', async (_, status, answer) => {
    const { url, asked } = await answering([status, answer]);
    await createProgram(url, body);
    expect(asked).toEqual(['POST /v1/programs']);
  });

  it('shows any other answer', async () => {
    const { url } = await answering([409, { code: 'idempotency_key_in_flight' }]);
    await expect(createProgram(url, body)).rejects.toThrow('idempotency_key_in_flight');
  });
});

describe('execute', () => {
  it('gives the execution', async () => {
    const { url, asked } = await answering([200, { status: 'succeeded', outputs: { b: 'x' } }]);
    expect(await execute(url, 'p', { a: '1' })).toEqual({ status: 'succeeded', outputs: { b: 'x' } });
    expect(asked).toEqual(['POST /v1/programs/p/executions']);
  });

  it('gives the execution inside of a problem', async () => {
    const { url } = await answering([502, { status: 502, code: 'model_unavailable', execution: { status: 'failed' } }]);
    expect(await execute(url, 'p', {})).toEqual({ status: 'failed' });
  });

  it('throws when there is none', async () => {
    const { url } = await answering([503, { status: 503, code: 'no_worker' }]);
    await expect(execute(url, 'p', {})).rejects.toThrow(GatewayAnswerError);
  });
});

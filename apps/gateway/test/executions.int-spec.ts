import { ERROR_CODES, REQUESTS, type ExecutionV1 } from '@dspy-nest/contracts';
import { JobQueue, Nats } from '@dspy-nest/messaging';
import { eventually } from '@dspy-nest/testing';
import { GatewayUnderTest } from './gateway-under-test';
import { EXECUTION_EXAMPLE } from '../src/docs/examples';
import { ScriptedError } from './scripted-services';

const EXECUTE = '/v1/programs/route-ticket/executions';
const SERVER_TIMING =
  /^total;dur=412\.5, queue;dur=1\.2, worker;dur=409\.1, model;dur=406\.8, parse;dur=0\.4, overhead;dur=5\.7, gateway;dur=\d+\.\d$/;
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
}, 60_000);
afterAll(() => gateway.stop());

/** The execution service runs every request to this end. */
function endAs(end: Partial<ExecutionV1>): Promise<void> {
  return gateway.services.on(REQUESTS.executionCreate, ({ message }) => ({
    ...EXECUTION_EXAMPLE,
    id: message['id'],
    ...end,
  }));
}

describe('POST /v1/programs/{name}/executions', () => {
  it('answers with the finished execution', async () => {
    await endAs({});
    const traceparent = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`;
    const inputs = { ticket: 'Überall', deep: { constructor: [1, { a: null }] } };
    const { status, body } = await gateway.send('POST', EXECUTE, { inputs }, { traceparent });
    expect(status).toBe(200);
    const { message, headers } = gateway.services.last(REQUESTS.executionCreate);
    expect(message).toEqual({
      id: expect.stringMatching(UUID_V7) as string,
      program: 'route-ticket',
      inputs,
      wait: true,
    });
    expect(body).toEqual({ ...EXECUTION_EXAMPLE, id: message['id'] });
    expect(headers['traceparent']).toContain('ab'.repeat(16));
  });

  it('hands every option on, and takes null for none of them', async () => {
    await endAs({});
    const limits = { connectMs: 100, firstTokenMs: 200, idleMs: 300, attemptMs: 400 };
    const ofModel = { model: 'small', adapter: 'python', format: 'json', version: 2 };
    const options = { ...ofModel, timeoutMs: 1_000, limits, maxRetries: 0, lane: 'batch' };
    await gateway.send('POST', EXECUTE, { inputs: {}, ...options, cache: false });
    expect(gateway.services.last(REQUESTS.executionCreate).message).toMatchObject(options);
    const refused = await gateway.send('POST', EXECUTE, { inputs: {}, model: null });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer: '/model' }] } });
  });

  it('hands an image of 10 MiB on, and gives back as much', async () => {
    await gateway.gateway.app.get(JobQueue).declareStreams();
    const photo = `data:image/png;base64,${Buffer.alloc(10 * 1_048_576, 7).toString('base64')}`;
    await endAs({ inputs: { photo }, outputs: { photo } });
    const { status, body } = await gateway.send<ExecutionV1>('POST', EXECUTE, { inputs: { photo } });
    expect(status).toBe(200);
    const { message } = gateway.services.last(REQUESTS.executionCreate);
    const seen = [message['inputs'], body.inputs, body.outputs] as Record<string, unknown>[];
    expect(seen.map((members) => members['photo'] === photo)).toEqual([true, true, true]);
  }, 30_000);

  it.each(['respond-async', 'wait=5, respond-async', 'Respond-Async'])(
    'accepts with 202 for Prefer: %s',
    async (prefer) => {
      await endAs({ status: 'queued', outputs: null, finishedAt: null });
      const { status, headers, body } = await gateway.send('POST', EXECUTE, { inputs: {} }, { prefer });
      expect(status).toBe(202);
      expect(headers.get('location')).toBe(`/v1/executions/${String(body['id'])}`);
      expect(headers.get('preference-applied')).toBe('respond-async');
      expect(gateway.services.last(REQUESTS.executionCreate).message).toMatchObject({ wait: false });
    },
  );

  it('does not take another preference for it', async () => {
    await endAs({});
    const { status } = await gateway.send('POST', EXECUTE, { inputs: {} }, { prefer: 'respond-asynchronously' });
    expect(status).toBe(200);
  });

  it.each([
    ['failed', 'model_unavailable', 502],
    ['failed', 'model_error', 502],
    ['failed', 'output_invalid', 502],
    ['failed', 'worker_crashed', 500],
    ['timed_out', 'timed_out', 504],
    ['cancelled', 'cancelled', 409],
  ] as const)('answers %s with %s as %i, with the execution', async (executionStatus, code, status) => {
    const { retryable } = ERROR_CODES[code];
    const error = { code, message: 'What happened.', retryable, details: { retryAfterS: 3 } };
    await endAs({ status: executionStatus, outputs: null, error });
    const answer = await gateway.send<{ execution: ExecutionV1 }>('POST', EXECUTE, { inputs: {} });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('location')).toBe(`/v1/executions/${answer.body.execution.id}`);
    expect(answer.headers.get('retry-after')).toBe('3');
    expect(answer.body).toMatchObject({
      code,
      detail: 'What happened.',
      execution: { status: executionStatus, error },
      traceId: EXECUTION_EXAMPLE.traceId,
    });
    expect(answer.headers.get('server-timing')).toMatch(SERVER_TIMING);
  });

  it('answers an end without an error by the status', async () => {
    await endAs({ status: 'cancelled', outputs: null });
    expect(await gateway.send('POST', EXECUTE, { inputs: {} })).toMatchObject({
      status: 409,
      body: { code: 'cancelled' },
    });
  });

  it('says where the time went', async () => {
    await endAs({});
    const { headers } = await gateway.send('POST', EXECUTE, { inputs: {} });
    expect(headers.get('server-timing')).toMatch(SERVER_TIMING);
    await endAs({ status: 'queued', timing: null, finishedAt: null });
    const accepted = await gateway.send('POST', EXECUTE, { inputs: {} }, { prefer: 'respond-async' });
    expect(accepted.headers.get('server-timing')).toMatch(/^gateway;dur=\d+\.\d$/);
  });

  it('hands the Idempotency-Key on, and none where there is none', async () => {
    await endAs({});
    await gateway.send('POST', EXECUTE, { inputs: {} }, { 'idempotency-key': 'order-17' });
    expect(gateway.services.last(REQUESTS.executionCreate).headers['dspy-idempotency-key']).toBe('order-17');
    await gateway.send('POST', EXECUTE, { inputs: {} });
    expect(gateway.services.last(REQUESTS.executionCreate).headers).not.toHaveProperty('dspy-idempotency-key');
  });

  it.each([
    ['overloaded', 429],
    ['too_many_requests', 429],
    ['idempotency_key_in_flight', 409],
  ])('hands on %s as %i with Retry-After in whole seconds', async (code, status) => {
    await gateway.services.on(REQUESTS.executionCreate, () => {
      throw new ScriptedError(code, { retryAfterS: 1.2 });
    });
    const answer = await gateway.send('POST', EXECUTE, { inputs: {} });
    expect(answer).toMatchObject({ status, body: { code, status } });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('retry-after')).toBe('2');
  });

  it('answers no_worker with 503 and Retry-After, without an execution', async () => {
    await gateway.services.on(REQUESTS.executionCreate, () => {
      throw new ScriptedError('no_worker', { retryAfterS: 5 });
    });
    const { status, headers, body } = await gateway.send('POST', EXECUTE, { inputs: {} });
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('5');
    expect(body).toMatchObject({ code: 'no_worker' });
    expect(body).not.toHaveProperty('execution');
  });

  it.each([
    ['program_not_found', 404],
    ['invalid_inputs', 422],
  ])('hands on %s as %i with its places', async (code, status) => {
    const errors = [{ pointer: '/ticket', code: 'required', message: 'is missing' }];
    await gateway.services.on(REQUESTS.executionCreate, () => {
      throw new ScriptedError(code, { errors });
    });
    expect(await gateway.send('POST', EXECUTE, { inputs: {} })).toMatchObject({ status, body: { code, errors } });
  });

  it('asks again for the same execution when the connection to NATS was lost meanwhile', async () => {
    let asked = 0;
    await gateway.services.on(REQUESTS.executionCreate, ({ message }) => {
      asked += 1;
      return asked === 1 ? new Promise(() => {}) : { ...EXECUTION_EXAMPLE, id: message['id'] };
    });
    const answer = gateway.send('POST', EXECUTE, { inputs: {} });
    await eventually(() => expect(asked).toBe(1));
    const { message } = gateway.services.last(REQUESTS.executionCreate);
    await gateway.gateway.app.get(Nats).connection.reconnect();
    expect(await answer).toMatchObject({ status: 200, body: { id: message['id'] } });
    expect(asked).toBe(2);
  });

  it('takes many at once, each with an id of its own', async () => {
    await endAs({});
    const answers = await Promise.all(Array.from({ length: 50 }, () => gateway.send('POST', EXECUTE, { inputs: {} })));
    expect(new Set(answers.map(({ body }) => body['id'])).size).toBe(50);
  });
});

describe('/v1/executions', () => {
  const { id } = EXECUTION_EXAMPLE;

  it('lists with filters', async () => {
    const page = { items: [EXECUTION_EXAMPLE], nextCursor: null };
    await gateway.services.on(REQUESTS.executionList, () => page);
    const answer = await gateway.get('/v1/executions?filter[status][in]=failed,timed_out&sort=createdAt');
    expect(answer).toMatchObject({ status: 200, body: page });
    expect(gateway.services.last(REQUESTS.executionList).message).toEqual({
      sort: 'createdAt',
      filter: { status: { in: ['failed', 'timed_out'] } },
    });
  });

  it('reads one, however it ended', async () => {
    await gateway.services.on(REQUESTS.executionGet, () => ({ ...EXECUTION_EXAMPLE, status: 'failed' }));
    expect(await gateway.get(`/v1/executions/${id}`)).toMatchObject({ status: 200, body: { id, status: 'failed' } });
    expect(gateway.services.last(REQUESTS.executionGet).message).toEqual({ id });
  });

  it('reads numbers as they are asked for, and refuses what cannot be', async () => {
    const stats = { items: [{ from: '2026-01-01T00:00:00.000Z', executions: 3 }] };
    await gateway.services.on(REQUESTS.executionStats, () => stats);
    const query = 'from=2026-01-01T00:00:00Z&by=version,model&interval=hour&program=qa&version=2';
    expect(await gateway.get(`/v1/execution-stats?${query}`)).toMatchObject({ status: 200, body: stats });
    const asked = {
      from: '2026-01-01T00:00:00Z',
      by: ['version', 'model'],
      interval: 'hour',
      program: 'qa',
      version: 2,
    };
    expect(gateway.services.last(REQUESTS.executionStats).message).toEqual(asked);
    const refused = await gateway.get('/v1/execution-stats?by=worker');
    expect(refused).toMatchObject({ status: 422, body: { code: 'validation_failed', errors: [{ pointer: '/by/0' }] } });
  });

  it('reads the model calls of one', async () => {
    const calls = { items: [{ index: 0, reason: 'first', messages: null }] };
    await gateway.services.on(REQUESTS.executionCalls, () => calls);
    expect(await gateway.get(`/v1/executions/${id}/calls`)).toMatchObject({ status: 200, body: calls });
    expect(gateway.services.last(REQUESTS.executionCalls).message).toEqual({ id });
  });

  it.each(['rerun', 'replay'] as const)('does one again by %s', async (verb) => {
    const subject = verb === 'rerun' ? REQUESTS.executionRerun : REQUESTS.executionReplay;
    const link = { [`${verb}Of`]: id };
    await gateway.services.on(subject, () => ({ ...EXECUTION_EXAMPLE, ...link }));
    const answer = await gateway.send('POST', `/v1/executions/${id}/${verb}`);
    expect(answer).toMatchObject({ status: 200, body: { status: 'succeeded', ...link } });
    expect(gateway.services.last(subject).message).toMatchObject({ of: id, wait: true });
    await gateway.services.on(subject, () => ({ ...EXECUTION_EXAMPLE, status: 'failed' }));
    expect(await gateway.send('POST', `/v1/executions/${id}/${verb}`)).toMatchObject({ status: 500 });
  });

  it('cancels one', async () => {
    await gateway.services.on(REQUESTS.executionCancel, () => ({ ...EXECUTION_EXAMPLE, status: 'cancelled' }));
    const answer = await gateway.send('POST', `/v1/executions/${id}/cancel`);
    expect(answer).toMatchObject({ status: 200, body: { status: 'cancelled' } });
  });

  it('cancels one also when the client says JSON and sends nothing', async () => {
    const answer = await gateway.send('POST', `/v1/executions/${id}/cancel`, '');
    expect(answer.status).toBe(200);
  });

  it('tells that one has finished', async () => {
    await gateway.services.on(REQUESTS.executionCancel, () => {
      throw new ScriptedError('execution_finished');
    });
    const answer = await gateway.send('POST', `/v1/executions/${id}/cancel`);
    expect(answer).toMatchObject({ status: 409, body: { code: 'execution_finished' } });
  });
});

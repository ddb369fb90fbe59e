import { randomUUID } from 'node:crypto';
import { type BatchStatus, type BatchV1, REQUESTS } from '@dspy-nest/contracts';
import { eventually } from '@dspy-nest/testing';
import { createClient, type Client } from 'graphql-ws';
import { BATCH_EXAMPLE } from '../src/docs/examples';
import type { GatewayUnderTest } from './gateway-under-test';
import type { MovingExecutions } from './moving-execution';
import { ScriptedError } from './scripted-services';
import { SubscriptionClient } from './subscription-client';
import { TwoGateways } from './two-gateways';

const EXECUTION_EVENTS =
  'subscription ($id: ID!, $after: Int! = 0) { executionEvents(id: $id, after: $after) { sequence type } }';
const EVENTS =
  'subscription ($after: Float, $program: String) { events(after: $after, filter: { program: { eq: $program } }) { sequence type subject data } }';
const PAYLOAD = 'x'.repeat(200_000);
const LARGE_EVENTS = 100;

let both: TwoGateways;
let gateway: GatewayUnderTest;
let other: GatewayUnderTest;
let executions: MovingExecutions;
const open: { close(): void }[] = [];

beforeAll(async () => {
  both = await TwoGateways.start();
  ({ gateway, other, executions } = both);
}, 60_000);
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});
afterAll(() => both.stop());

/** A client as applications use it. */
function client(at = gateway): Client {
  const made = createClient({
    url: `${at.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  });
  open.push({ close: () => void made.dispose() });
  return made;
}
async function plain(opening: Promise<SubscriptionClient>): Promise<SubscriptionClient> {
  const made = await opening;
  open.push({ close: () => made.socket.terminate() });
  return made;
}

interface Step {
  readonly sequence: number;
  readonly type: string;
  readonly subject?: string;
}
type Result = { data?: Record<string, Step> | null; errors?: readonly { extensions?: unknown }[] };

/** Reads the steps of a subscription to its end, or as many as are wanted. */
async function read(of: Client, query: string, variables: Record<string, unknown>, count = Infinity): Promise<Step[]> {
  const steps: Step[] = [];
  for await (const { data, errors } of of.iterate({ query, variables }) as AsyncIterable<Result>) {
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    steps.push(...Object.values(data ?? {}));
    if (steps.length >= count) break;
  }
  return steps;
}
const texts = (steps: readonly Step[]): string[] => steps.map(({ sequence, type }) => `${sequence} ${type}`);

const metric = (name: string): Promise<number> => both.metric(name, 'websocket');

describe('a subscription', () => {
  it('to an execution gives what happens to its end, at any gateway, from after any event', async () => {
    const id = executions.accept();
    const whole = read(client(), EXECUTION_EVENTS, { id });
    await eventually(async () => expect(await metric('dspy_subscriptions')).toBe(1));
    executions.begin(id);
    await executions.end(id);
    expect(texts(await whole)).toEqual(['1 QUEUED', '2 STARTED', '3 OUTPUTS', '4 SUCCEEDED']);
    for (const after of [0, 1, 2, 3, 4])
      expect(await read(client(other), EXECUTION_EVENTS, { id, after })).toEqual((await whole).slice(after));
    await eventually(async () => expect(await metric('dspy_subscriptions')).toBe(0));
  });

  it('to an evaluation gives how far it is, to its score', async () => {
    const query = 'subscription ($id: ID!) { evaluationEvents(id: $id) { sequence status fraction score } }';
    const id = randomUUID();
    let evaluation: object = { id, status: 'running', counts: { answered: 0, ended: 0 }, progress: { fraction: 0 } };
    await gateway.services.on(REQUESTS.evaluationGet, () => evaluation);
    const told: object[] = [];
    for await (const { data } of client().iterate({ query, variables: { id } }) as AsyncIterable<Result>) {
      told.push(data!['evaluationEvents'] as unknown as object);
      const counts = { answered: 4, ended: 4 };
      evaluation = { id, status: 'completed', counts, progress: { fraction: 1 }, summary: { score: 0.75 } };
      await executions.tellEvaluation(id, 'completed');
    }
    expect(told).toEqual([
      { sequence: 2, status: 'RUNNING', fraction: 0, score: null },
      { sequence: 12, status: 'COMPLETED', fraction: 1, score: 0.75 },
    ]);
  });

  it('to an optimisation gives its trials and the best until then, to what is shown', async () => {
    const query =
      'subscription ($id: ID!) { optimizationEvents(id: $id) { sequence status trials planned bestScore conclusion } }';
    const id = randomUUID();
    const standing = { id, attempt: 1, best: null, conclusion: null };
    let optimization: object = { ...standing, status: 'running', progress: { trials: 0, planned: 9 } };
    await gateway.services.on(REQUESTS.optimizationGet, () => optimization);
    const told: object[] = [];
    for await (const { data } of client().iterate({ query, variables: { id } }) as AsyncIterable<Result>) {
      told.push(data!['optimizationEvents'] as unknown as object);
      const ended = { status: 'completed', best: { trial: 7, score: 1 }, conclusion: 'It is better.' };
      optimization = { ...standing, ...ended, progress: { trials: 9, planned: 9 } };
      await executions.tellOptimization(id, 'completed');
    }
    expect(told).toEqual([
      { sequence: 1_000_002, status: 'RUNNING', trials: 0, planned: 9, bestScore: null, conclusion: null },
      { sequence: 1_000_014, status: 'COMPLETED', trials: 9, planned: 9, bestScore: 1, conclusion: 'It is better.' },
    ]);
  });

  it('to a batch gives how it stands and what moves it, to its end, at any gateway, from after any number', async () => {
    const query =
      'subscription ($id: ID!, $after: Int! = 0) { batchEvents(id: $id, after: $after) { sequence status fraction batch } }';
    const { id } = BATCH_EXAMPLE;
    let batch: BatchV1 = BATCH_EXAMPLE;
    const move = async (verb: string, status: BatchStatus, succeeded: number): Promise<void> => {
      const counts = { ...BATCH_EXAMPLE.counts, total: 4, pending: 4 - succeeded, inFlight: 0, succeeded, failed: 0 };
      batch = { ...batch, status, counts, progress: { fraction: succeeded / 4, rowsPerS: null, etaAt: null } };
      await executions.tellBatch(id, verb);
    };
    await gateway.services.on(REQUESTS.batchGet, ({ message }) => {
      if (message['id'] !== id) throw new ScriptedError('batch_not_found');
      return batch;
    });
    await move('started', 'running', 0);
    const told: { sequence: number; status: string; fraction: number; batch: BatchV1 }[] = [];
    const whole = (async () => {
      for await (const { data } of client().iterate({ query, variables: { id } }) as AsyncIterable<Result>)
        told.push(data!['batchEvents'] as unknown as (typeof told)[number]);
    })();
    for (const [verb, status, succeeded] of [
      ['progressed', 'running', 3],
      // What says nothing new is told to nobody.
      ['progressed', 'running', 3],
      ['completed', 'completed', 4],
    ] as const) {
      const before = told.length;
      await eventually(() => expect(told.length).toBeGreaterThan(0));
      await move(verb, status, succeeded);
      if (told.at(-1)?.fraction !== succeeded / 4) await eventually(() => expect(told.length).toBeGreaterThan(before));
    }
    await whole;
    expect(told.map(({ sequence, status, fraction }) => [sequence, status, fraction])).toEqual([
      [6, 'RUNNING', 0],
      [9, 'RUNNING', 0.75],
      [12, 'COMPLETED', 1],
    ]);
    expect(told[2]?.batch).toEqual(batch);
    for (const [after, count] of [
      [0, 1],
      [11, 1],
      [12, 0],
    ])
      expect(await read(client(other), query, { id, after })).toHaveLength(count!);
    await expect(read(client(), query, { id: randomUUID() })).rejects.toThrow('batch_not_found');
  });

  it('to all events goes on at another gateway: none is lost, none comes twice', async () => {
    const ids = Array.from({ length: 30 }, () => executions.accept('many'));
    const first = read(client(), EVENTS, { program: 'many', after: 0 }, 10);
    const ending = (async () => {
      for (const id of ids) await executions.end(id);
    })();
    const seen = await first;
    const rest = await read(client(other), EVENTS, { program: 'many', after: seen.at(-1)!.sequence }, 20);
    await ending;
    expect([...seen, ...rest].map(({ subject }) => subject)).toEqual(ids);
    expect(await read(client(), EVENTS, { program: 'many', after: 1e9 }, 1)).toMatchObject([{ type: 'reset' }]);
  });

  it('that cannot be served says why, with the code that REST has', async () => {
    const socket = await plain(SubscriptionClient.greeted(gateway.url));
    socket.subscribe('a', EXECUTION_EVENTS, { id: randomUUID() });
    socket.subscribe('b', '{ programs { id } }');
    socket.subscribe('c', 'subscription { nothing }');
    socket.subscribe('d', EVENTS, { after: -1 });
    socket.subscribe('e', EXECUTION_EVENTS, { id: 'no id' });
    await socket.untilGot('next', 3);
    const codes = socket.messages
      .filter(({ type }) => type === 'next')
      .map(({ id, payload }) => [
        id,
        (payload as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code,
      ]);
    expect(codes.sort()).toEqual([
      ['a', 'execution_not_found'],
      ['d', 'validation_failed'],
      ['e', 'execution_not_found'],
    ]);
    await socket.untilGot('error', 2);
    const texts = socket.messages.filter(({ type }) => type === 'error').map(({ payload }) => JSON.stringify(payload));
    expect(texts).toEqual([expect.stringContaining('POST /graphql'), expect.stringContaining('Cannot query field')]);
  });

  it('is one of a hundred of a connection at most', async () => {
    const socket = await plain(SubscriptionClient.greeted(gateway.url));
    for (let id = 0; id <= 100; id += 1) socket.subscribe(String(id), EVENTS, { program: 'nothing' });
    const [refused] = await socket.untilGot('error');
    expect(refused).toMatchObject([{ extensions: { code: 'too_many_requests' } }]);
    expect(await metric('dspy_subscriptions')).toBe(100);
    socket.send({ id: '0', type: 'complete' });
    socket.subscribe('again', EXECUTION_EVENTS, { id: executions.accept() });
    await socket.untilGot('next');
  });

  it('does not wait for a client that does not read: its connection is closed, others get all', async () => {
    const dropped = await metric('dspy_event_streams_dropped_total');
    const [slow, quick] = await Promise.all([0, 1].map(() => plain(SubscriptionClient.greeted(gateway.url))));
    for (const socket of [slow!, quick!]) socket.subscribe('a', EVENTS, { program: 'large', after: 0 });
    await executions.tell('e', { status: 'succeeded', program: 'large' });
    await Promise.all([slow!.untilGot('next'), quick!.untilGot('next')]);
    slow!.socket.pause();
    for (let told = 0; told < LARGE_EVENTS; told += 1)
      await executions.tell('e', { status: 'succeeded', program: 'large', padding: PAYLOAD });
    await quick!.untilGot('next', LARGE_EVENTS + 1);
    await eventually(async () => expect(await metric('dspy_event_streams_dropped_total')).toBe(dropped + 1));
    slow!.socket.resume();
    expect(await slow!.untilClosed()).toMatchObject({ code: 4490 });
    await eventually(async () => expect(await metric('dspy_subscriptions')).toBe(1));
  }, 30_000);
});

describe('the protocol', () => {
  it.each([
    [4400, 'a message that is none', (socket: SubscriptionClient) => socket.send('hello')],
    [4400, 'a type that is not known', (socket: SubscriptionClient) => socket.send({ type: 'start', id: '1' })],
    [4401, 'a subscription before the greeting', (socket: SubscriptionClient) => socket.subscribe('1', EVENTS)],
    [4408, 'no greeting', () => undefined],
    [1009, 'a message that is too large', (socket: SubscriptionClient) => socket.send('x'.repeat(70_000))],
  ])('closes with %i on %s', async (code, _, act) => {
    const socket = await plain(SubscriptionClient.open(gateway.url));
    act(socket);
    expect(await socket.untilClosed()).toMatchObject({ code });
  });

  it('closes with 4406 without its name, 4409 on an id that is in use, 4429 on a second greeting', async () => {
    const nameless = SubscriptionClient.begin(gateway.url);
    expect(await nameless.untilClosed()).toMatchObject({ code: 4406 });
    const twice = await plain(SubscriptionClient.greeted(gateway.url));
    twice.subscribe('a', EVENTS);
    twice.subscribe('a', EVENTS);
    expect(await twice.untilClosed()).toEqual({ code: 4409, reason: 'Subscriber for a already exists' });
    const again = await plain(SubscriptionClient.greeted(gateway.url));
    again.send({ type: 'connection_init' });
    expect(await again.untilClosed()).toMatchObject({ code: 4429 });
  });

  it('answers a ping, and takes an id again that was given up', async () => {
    const socket = await plain(SubscriptionClient.greeted(gateway.url));
    socket.send({ type: 'ping', payload: { n: 1 } });
    expect(await socket.untilGot('pong')).toEqual([{ n: 1 }]);
    socket.subscribe('a', EVENTS);
    socket.send({ id: 'a', type: 'complete' });
    socket.send({ id: 'unknown', type: 'complete' });
    await eventually(async () => expect(await metric('dspy_subscriptions')).toBe(0));
    socket.subscribe('a', EXECUTION_EVENTS, { id: executions.accept() });
    await socket.untilGot('next');
  });

  it.each([
    ['a foreign page', { origin: 'https://evil.example' }, 'graphql', 403],
    ['a foreign name', { host: 'evil.example' }, 'graphql', 403],
  ])('is not spoken with %s', async (_, headers: Record<string, string>, _path, status) => {
    const refused = SubscriptionClient.begin(gateway.url, 'graphql-transport-ws', headers);
    const answered = new Promise((resolve) =>
      refused.socket.once('unexpected-response', (_request, { statusCode }) => resolve(statusCode)),
    );
    expect(await answered).toBe(status);
  });
});

it('is ended with 1001 when the gateway stops, and goes on elsewhere', async () => {
  const leaving = await gateway.replica();
  const socket = await plain(SubscriptionClient.greeted(leaving.url));
  const id = executions.accept();
  socket.subscribe('a', EXECUTION_EVENTS, { id });
  await socket.untilGot('next');
  const closed = leaving.gateway.close();
  expect(await socket.untilClosed()).toMatchObject({ code: 1001 });
  await closed;
  await executions.end(id);
  expect(texts(await read(client(other), EXECUTION_EVENTS, { id, after: 1 }))).toEqual([
    '2 STARTED',
    '3 OUTPUTS',
    '4 SUCCEEDED',
  ]);
});

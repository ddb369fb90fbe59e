import { REQUESTS, SIGNALS, type ExecutionV1 } from '@dspy-nest/contracts';
import { eventually, type ToldTokens } from '@dspy-nest/testing';
import { EventStreamClient, textOf } from './event-stream-client';
import type { GatewayUnderTest } from './gateway-under-test';
import type { MovingExecutions } from './moving-execution';
import { ScriptedError } from './scripted-services';
import { TwoGateways } from './two-gateways';

const PATH = '/v1/programs/qa/executions';
const BODY = { inputs: { question: 'Why?' } };

let both: TwoGateways;
let gateway: GatewayUnderTest;
let executions: MovingExecutions;
let abandoned: unknown[];
const clients: EventStreamClient[] = [];

beforeAll(async () => {
  both = await TwoGateways.start();
  ({ gateway, executions } = both);
  const note = ({ message }: { message: Record<string, unknown> }): void => void abandoned.push(message['executionId']);
  await gateway.services.on(SIGNALS.executionAbandoned, note);
}, 60_000);
beforeEach(() => {
  abandoned = [];
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
afterAll(() => both.stop());

/** A request for an execution, in the hands of its worker. */
interface Run {
  readonly id: string;
  readonly message: Record<string, unknown>;
  /** Answers the request. */
  answer(execution: ExecutionV1): void;
}

/** Asks, and waits until the execution service got it. */
async function run(
  at = gateway,
  headers: Record<string, string> = {},
): Promise<Run & { opening: Promise<EventStreamClient> }> {
  const asked = Promise.withResolvers<Run>();
  await gateway.services.on(REQUESTS.executionCreate, ({ message }) => {
    const { promise, resolve } = Promise.withResolvers<ExecutionV1>();
    const id = executions.accept('qa', true, String(message['id']));
    asked.resolve({ id, message, answer: resolve });
    return promise;
  });
  const opening = EventStreamClient.post(`${at.url}${PATH}`, BODY, headers).then((client) => {
    clients.push(client);
    return client;
  });
  opening.catch(() => undefined);
  return { ...(await asked.promise), opening };
}
const end = (id: string, { lastSequence }: ToldTokens): Promise<ExecutionV1> =>
  executions.end(id, 'succeeded', 'default', lastSequence);
const stepsOf = ({ events }: EventStreamClient): string[] =>
  events.map(({ id, event, data }) => `${id} ${textOf(data) ?? event}`);

it('tells a caller who accepts events what happens, and where to go on', async () => {
  const { id, message, opening, answer } = await run();
  expect(message).toMatchObject({ wait: true, stream: true, program: 'qa' });
  const tokens = await executions.tokens(id);
  await tokens.say('answer', 'a');
  const client = await opening;
  expect([client.status, client.header('content-type')]).toEqual([200, 'text/event-stream']);
  expect(client.header('location')).toBe(`/v1/executions/${id}`);
  await client.untilRead(3);
  await tokens.say('answer', 'b');
  answer(await end(id, tokens));
  await client.untilEnded();
  expect(stepsOf(client)).toEqual(['1 queued', '2 started', '3 a', '4 b', '5 outputs', '6 succeeded']);
  expect(client.events[5]?.data['execution']).toMatchObject({ id, status: 'succeeded' });
});

it('tells that it waits, or is being worked on, before there are tokens', async () => {
  const { id, opening, answer } = await run();
  executions.tellAccepted(id);
  const client = await opening;
  expect(stepsOf({ events: await client.untilRead(1) } as EventStreamClient)).toEqual(['1 queued']);
  executions.begin(id);
  await client.untilRead(2);
  answer(await executions.end(id, 'failed'));
  await client.untilEnded();
  expect(stepsOf(client)).toEqual(['1 queued', '2 started', '3 failed']);
});

it('answers a problem to what is refused, also to who accepts events', async () => {
  await gateway.services.on(REQUESTS.executionCreate, () => {
    throw new ScriptedError('no_worker');
  });
  const headers = { accept: 'text/event-stream' };
  expect(await gateway.send('POST', PATH, BODY, headers)).toMatchObject({ status: 503, body: { code: 'no_worker' } });
  expect(await gateway.send('POST', PATH, { inputs: 1 }, headers)).toMatchObject({ status: 422 });
});

it('tells the execution service that a caller hung up, before the first event and after it', async () => {
  const early = await run();
  await executions.tokens(early.id);
  const waiting = new AbortController();
  const unheard = fetch(`${gateway.url}${PATH}`, {
    method: 'POST',
    body: JSON.stringify(BODY),
    headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
    signal: waiting.signal,
  }).catch(() => undefined);
  await eventually(() => expect(gateway.services.last(REQUESTS.executionCreate).message['id']).not.toBe(early.id));
  waiting.abort();
  await unheard;
  const { id } = gateway.services.last(REQUESTS.executionCreate).message;
  await eventually(() => expect(abandoned).toEqual([id]));
  const tokens = await executions.tokens(early.id);
  await tokens.say('answer', 'a');
  const client = await early.opening;
  await client.untilRead(3);
  client.close();
  await eventually(() => expect(abandoned).toEqual([id, early.id]));
});

it('does not take it for a hang-up that the gateway stops, or that the stream is over', async () => {
  const leaving = await gateway.replica();
  const { id, opening, answer } = await run(leaving);
  const tokens = await executions.tokens(id);
  await tokens.say('answer', 'a');
  const client = await opening;
  await client.untilRead(3);
  const closed = leaving.gateway.close();
  await client.untilEnded();
  const resumed = await EventStreamClient.open(`${gateway.url}/v1/executions/${id}/events?after=3`);
  await tokens.say('answer', 'b');
  answer(await end(id, tokens));
  await resumed.untilEnded();
  expect(stepsOf(resumed)).toEqual(['4 b', '5 outputs', '6 succeeded']);
  await closed;
  expect(abandoned).toEqual([]);
});

it('tells of the first execution when a key is repeated', async () => {
  const first = executions.accept('qa', true);
  const tokens = await executions.tokens(first);
  await tokens.say('answer', 'a');
  const ended = await end(first, tokens);
  const { opening, answer } = await run(gateway, { 'idempotency-key': 'again' });
  answer(ended);
  const client = await opening;
  await client.untilEnded();
  expect(client.header('location')).toBe(`/v1/executions/${first}`);
  expect(stepsOf(client)).toEqual(['1 queued', '2 started', '3 a', '4 outputs', '5 succeeded']);
});

it('goes on by what is stored when the answer does not come', async () => {
  const { id, opening } = await run();
  const tokens = await executions.tokens(id);
  await tokens.say('answer', 'a');
  const client = await opening;
  await client.untilRead(3);
  await end(id, tokens);
  await client.untilEnded();
  expect(stepsOf(client)).toEqual(['1 queued', '2 started', '3 a', '4 outputs', '5 succeeded']);
});

it.each([
  [{}, {}, undefined],
  [{ prefer: 'respond-async' }, {}, undefined],
  [{ accept: 'text/event-stream' }, { stream: false }, false],
  [{}, { stream: true }, true],
])('asks for tokens as headers %j and body %j say', async (headers, extra, stream) => {
  await gateway.services.on(REQUESTS.executionCreate, async ({ message }) => {
    const id = executions.accept('qa', false, String(message['id']));
    return executions.end(id);
  });
  const response = await fetch(`${gateway.url}${PATH}`, {
    method: 'POST',
    body: JSON.stringify({ ...BODY, ...extra }),
    headers: { 'content-type': 'application/json', ...headers },
  });
  await response.text();
  expect(gateway.services.last(REQUESTS.executionCreate).message['stream']).toBe(stream);
});

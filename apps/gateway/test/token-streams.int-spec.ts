import { STREAMS, tokenSubject, type StreamedEventV1 } from '@dspy-nest/contracts';
import { TOKENS_STREAM } from '@dspy-nest/messaging';
import { eventually, natsLogin, type ToldTokens } from '@dspy-nest/testing';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, nanos, type NatsConnection } from '@nats-io/transport-node';
import { createClient } from 'graphql-ws';
import { EventStreamClient, textOf, type ReadEvent } from './event-stream-client';
import type { GatewayUnderTest } from './gateway-under-test';
import type { MovingExecutions } from './moving-execution';
import { TwoGateways } from './two-gateways';

const LARGE = 'x'.repeat(50_000);
const LARGE_TOKENS = 400;

let both: TwoGateways;
let gateway: GatewayUnderTest;
let other: GatewayUnderTest;
let executions: MovingExecutions;
let connection: NatsConnection;
let manager: JetStreamManager;
const clients: EventStreamClient[] = [];

beforeAll(async () => {
  both = await TwoGateways.start();
  ({ gateway, other, executions } = both);
  connection = await connect(natsLogin(gateway.servers.natsUrl, 'test'));
  manager = await jetstreamManager(connection);
}, 60_000);
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
afterAll(async () => {
  await connection?.close();
  await both?.stop();
});

async function follow(id: string, after = 0, at = gateway): Promise<EventStreamClient> {
  const client = await EventStreamClient.open(`${at.url}/v1/executions/${id}/events`, { 'last-event-id': `${after}` });
  clients.push(client);
  return client;
}
const stepsOf = (events: readonly ReadEvent[]): string[] =>
  events.map(({ id, event, data }) => `${id} ${textOf(data) ?? event}`);
const endAfter = (id: string, { lastSequence }: ToldTokens): Promise<unknown> =>
  executions.end(id, 'succeeded', 'default', lastSequence);

async function begun(): Promise<{ id: string; tokens: ToldTokens }> {
  const id = executions.accept('qa', true);
  executions.begin(id);
  return { id, tokens: await executions.tokens(id) };
}

/** Makes the stream forget what is older than a moment, then keep it as before. */
async function expire(id: string): Promise<void> {
  await manager.streams.update(STREAMS.tokens, { max_age: nanos(100), duplicate_window: nanos(100) });
  const last = { last_by_subj: tokenSubject('default', id) };
  await eventually(async () => expect(await manager.direct.getMessage(STREAMS.tokens, last)).toBeNull());
  await manager.streams.update(STREAMS.tokens, TOKENS_STREAM);
}

it('come as they are told, with the number, field and text of each, at every gateway', async () => {
  const { id, tokens } = await begun();
  const following = await Promise.all([follow(id), follow(id, 0, other), follow(id)]);
  await Promise.all(following.map((client) => client.untilRead(2)));
  const partial: StreamedEventV1 = { type: 'partial', field: 'tags', pointer: '/0', value: { a: 1 } };
  await tokens.say('answer', 'It ', 'is.');
  await Promise.all(following.map((client) => client.untilRead(4)));
  await tokens.tell({ type: 'status', message: 'Asking again.' }, partial);
  await endAfter(id, tokens);
  await Promise.all(following.map((client) => client.untilEnded()));
  const { events } = following[0];
  expect(stepsOf(events)).toEqual(['1 queued', '2 started', '3 It ', '4 is.', '5 status', '6 partial', '7 outputs', '8 succeeded']); // prettier-ignore
  expect(events[2]?.data).toEqual({ sequence: 3, type: 'token', field: 'answer', delta: 'It ' });
  expect(events[5]?.data).toEqual({ sequence: 6, ...partial });
  for (const client of following) expect(client.events).toEqual(events);
});

it('can be gone on with after every number, at another gateway, while it runs and when it is over', async () => {
  const { id, tokens } = await begun();
  await tokens.say('answer', ...'abcdefghij');
  await tokens.tell(...[...'klmnop'].map((delta) => ({ type: 'token' as const, field: 'answer', delta })));
  const numbers = Array.from({ length: tokens.lastSequence + 1 }, (_, after) => after);
  const running = await Promise.all(numbers.map((after) => follow(id, after, after % 2 === 0 ? gateway : other)));
  await endAfter(id, tokens);
  await Promise.all(running.map((client) => client.untilEnded()));
  const whole = running[0]!.events;
  expect(whole.map(({ id: number }) => number)).toEqual(whole.map((_, index) => index + 1));
  for (const [after, client] of running.entries()) expect(client.events).toEqual(whole.slice(after));
  for (const after of [...numbers, whole.length - 1]) {
    const resumed = await follow(id, after, other);
    await resumed.untilEnded();
    expect(resumed.events).toEqual(whole.slice(after));
  }
  expect((await follow(id, whole.length)).status).toBe(204);
});

it('go on at another gateway when one stops', async () => {
  const leaving = await gateway.replica();
  const { id, tokens } = await begun();
  const client = await follow(id, 0, leaving);
  await tokens.say('answer', 'a', 'b');
  await client.untilRead(4);
  const closed = leaving.gateway.close();
  await client.untilEnded();
  await tokens.say('answer', 'c');
  const resumed = await follow(id, client.events.at(-1)!.id, other);
  await tokens.say('answer', 'd');
  await endAfter(id, tokens);
  await resumed.untilEnded();
  const texts = [...client.events, ...resumed.events].map(({ data }) => textOf(data) ?? '');
  expect(texts.join('')).toBe('abcd');
  await closed;
});

it('wait in the stream for a client that reads slowly, and nobody waits for it', async () => {
  const { id, tokens } = await begun();
  const [slow, quick] = [await follow(id), await follow(id)];
  await Promise.all([slow.untilRead(2), quick.untilRead(2)]);
  slow.stall();
  await tokens.say('answer', ...Array<string>(LARGE_TOKENS).fill(LARGE));
  await endAfter(id, tokens);
  await quick.untilEnded();
  slow.resume();
  await slow.untilEnded();
  expect(stepsOf(slow.events)).toEqual(stepsOf(quick.events));
  expect(slow.events.at(-1)?.id).toBe(LARGE_TOKENS + 4);
}, 30_000);

it('of a worker that another one took over from are told to nobody', async () => {
  const { id, tokens } = await begun();
  const client = await follow(id);
  await tokens.say('answer', 'a', 'b');
  const second = await executions.tokens(id, 2);
  await expect(tokens.say('answer', 'late')).rejects.toThrow(/last sequence/);
  executions.begin(id, 2);
  await second.say('answer', 'c');
  await endAfter(id, second);
  await client.untilEnded();
  expect(stepsOf(client.events)).toEqual(['1 queued', '2 started', '3 a', '4 b', '5 restarted', '6 c', '7 outputs', '8 succeeded']); // prettier-ignore
  expect(client.events[4]?.data).toEqual({ sequence: 5, type: 'restarted', attempt: 2 });
});

it('end where the platform ended the execution itself', async () => {
  const { id, tokens } = await begun();
  const client = await follow(id);
  await tokens.say('answer', 'a');
  const last = await executions.shut(id);
  await expect(tokens.say('answer', 'late')).rejects.toThrow(/last sequence/);
  await executions.end(id, 'failed', 'default', last);
  await client.untilEnded();
  expect(stepsOf(client.events)).toEqual(['1 queued', '2 started', '3 a', '4 failed']);
});

it('are gone after their time: who comes again then is told the outputs and the end, with their numbers', async () => {
  const { id, tokens } = await begun();
  await tokens.say('answer', 'a', 'b', 'c');
  await expire(id);
  const [early, late] = [await follow(id, 3), await follow(id, 5)];
  await tokens.say('answer', 'd');
  await late.untilRead(1);
  await endAfter(id, tokens);
  await Promise.all([early.untilEnded(), late.untilEnded()]);
  // A text of which a part is missing is of no use.
  expect(stepsOf(early.events)).toEqual(['7 outputs', '8 succeeded']);
  expect(stepsOf(late.events)).toEqual(['6 d', '7 outputs', '8 succeeded']);
  await expire(id);
  const after = await follow(id, 4, other);
  await after.untilEnded();
  expect(stepsOf(after.events)).toEqual(['7 outputs', '8 succeeded']);
});

it('are forgotten and begin anew when the server lost them and another worker took over', async () => {
  const { id, tokens } = await begun();
  await tokens.say('answer', 'a', 'b', 'c');
  const client = await follow(id);
  await client.untilRead(5);
  await manager.streams.purge(STREAMS.tokens, { filter: tokenSubject('default', id) });
  const second = await executions.tokens(id, 2);
  await second.say('answer', 'd');
  await client.untilRead(7);
  const resumed = await follow(id, 5);
  await endAfter(id, second);
  await Promise.all([client.untilEnded(), resumed.untilEnded()]);
  expect(stepsOf(resumed.events)).toEqual(['3 restarted', '4 d', '5 outputs', '6 succeeded']);
  expect(client.events.slice(5)).toEqual(resumed.events);
});

it('come by GraphQL too', async () => {
  const { id, tokens } = await begun();
  await tokens.tell(
    { type: 'token', field: 'answer', delta: 'a' },
    { type: 'partial', field: 'tags', pointer: '/0', value: 7 },
  );
  await endAfter(id, tokens);
  const url = `${other.url.replace('http', 'ws')}/graphql`;
  const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0 });
  const query = `subscription { executionEvents(id: "${id}", after: 2) { sequence type field delta pointer value } }`;
  const events: unknown[] = [];
  for await (const { data } of client.iterate({ query })) events.push(data?.['executionEvents']);
  await client.dispose();
  const none = { field: null, delta: null, pointer: null, value: null };
  expect(events).toEqual([
    { ...none, sequence: 3, type: 'TOKEN', field: 'answer', delta: 'a' },
    { ...none, sequence: 4, type: 'PARTIAL', field: 'tags', pointer: '/0', value: 7 },
    { ...none, sequence: 5, type: 'OUTPUTS' },
    { ...none, sequence: 6, type: 'SUCCEEDED' },
  ]);
});

import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { DspyNest } from '@dspy-nest/client';
import { REQUESTS } from '@dspy-nest/contracts';
import { eventually } from '@dspy-nest/testing';
import { BATCH_EXAMPLE } from '../src/docs/examples';
import { EventStreamClient, type ReadEvent } from './event-stream-client';
import type { GatewayUnderTest } from './gateway-under-test';
import type { MovingExecutions } from './moving-execution';
import { ScriptedError } from './scripted-services';
import { TwoGateways } from './two-gateways';

const PAYLOAD = 'x'.repeat(200_000);
const LARGE_EVENTS = 100;

let both: TwoGateways;
let gateway: GatewayUnderTest;
let other: GatewayUnderTest;
let executions: MovingExecutions;
const clients: EventStreamClient[] = [];

beforeAll(async () => {
  both = await TwoGateways.start();
  ({ gateway, other, executions } = both);
}, 60_000);
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
afterAll(() => both.stop());

async function open(path: string, headers?: Record<string, string>, at = gateway): Promise<EventStreamClient> {
  const client = await EventStreamClient.open(`${at.url}${path}`, headers);
  clients.push(client);
  return client;
}
const eventsOf = (id: string): string => `/v1/executions/${id}/events`;
const stepsOf = (events: readonly ReadEvent[]): string[] => events.map(({ id, event }) => `${id} ${event}`);

const metric = (name: string): Promise<number> => both.metric(name, 'sse');

describe('the events of an execution', () => {
  it('come as they happen, to its end', async () => {
    const id = executions.accept();
    const client = await open(eventsOf(id));
    expect([client.status, client.header('content-type')]).toEqual([200, 'text/event-stream']);
    expect([client.header('cache-control'), client.header('x-accel-buffering')]).toEqual(['no-store', 'no']);
    expect(stepsOf(await client.untilRead(1))).toEqual(['1 queued']);
    expect(client.comments).toEqual(['retry: 2000']);
    executions.begin(id);
    expect((await client.untilRead(2))[1]).toEqual({
      id: 2,
      event: 'started',
      data: { sequence: 2, type: 'started', attempt: 1 },
    });
    executions.begin(id, 2);
    await client.untilRead(3);
    await executions.end(id);
    await client.untilEnded();
    expect(stepsOf(client.events)).toEqual(['1 queued', '2 started', '3 restarted', '4 outputs', '5 succeeded']);
    expect(client.events[3]?.data['outputs']).toEqual({ answer: 'yes' });
    expect(client.events[4]?.data['execution']).toMatchObject({ id, status: 'succeeded' });
  });

  it('are the same at another gateway, from after any of them, and when all is over', async () => {
    const id = executions.accept();
    executions.begin(id);
    await executions.end(id);
    const whole = await open(eventsOf(id));
    await whole.untilEnded();
    for (const [after, { id: sequence }] of [{ id: 0 }, ...whole.events.slice(0, -1)].entries()) {
      const resumed = await open(eventsOf(id), { 'last-event-id': String(sequence) }, other);
      await resumed.untilEnded();
      expect(resumed.events).toEqual(whole.events.slice(after));
    }
    expect((await open(`${eventsOf(id)}?after=2`)).status).toBe(200);
    const last = whole.events.at(-1)!.id;
    expect((await open(eventsOf(id), { 'last-event-id': String(last) })).status).toBe(204);
  });

  it('reach everybody who follows it, at every gateway', async () => {
    const id = executions.accept();
    const following = await Promise.all([gateway, other, gateway, other].map((at) => open(eventsOf(id), {}, at)));
    await Promise.all(following.map((client) => client.untilRead(1)));
    await executions.end(id, 'failed');
    await Promise.all(following.map((client) => client.untilEnded()));
    for (const { events } of following) expect(stepsOf(events)).toEqual(['1 queued', '2 started', '3 failed']);
  });

  it('are refused where there is no such execution, or no such number', async () => {
    expect(await gateway.get(eventsOf(randomUUID()))).toMatchObject({
      status: 404,
      body: { code: 'execution_not_found' },
    });
    const answer = await gateway.get(eventsOf(executions.accept()), { 'last-event-id': 'x' });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/Last-Event-ID' }] } });
  });
});

describe.each([
  {
    path: 'batches',
    read: REQUESTS.batchGet,
    notFound: 'batch_not_found' as const,
    tell: (id: string, verb: string) => executions.tellBatch(id, verb),
    at: (id: string, status: string, ended: number) => {
      const counts = {
        ...BATCH_EXAMPLE.counts,
        total: 4,
        pending: 4 - ended,
        inFlight: 0,
        succeeded: ended,
        failed: 0,
      };
      return { ...BATCH_EXAMPLE, id, status, counts };
    },
    steps: ['6 running', '9 running', '12 completed'],
  },
  {
    path: 'evaluations',
    read: REQUESTS.evaluationGet,
    notFound: 'evaluation_not_found' as const,
    tell: (id: string, verb: string) => executions.tellEvaluation(id, verb),
    at: (id: string, status: string, ended: number) => ({ id, status, counts: { answered: ended, ended } }),
    steps: ['2 running', '8 running', '12 completed'],
  },
  {
    path: 'optimizations',
    read: REQUESTS.optimizationGet,
    notFound: 'optimization_not_found' as const,
    tell: (id: string, verb: string) => executions.tellOptimization(id, verb),
    at: (id: string, status: string, ended: number) => ({ id, status, attempt: 1, progress: { trials: ended } }),
    steps: ['1000002 running', '1000005 running', '1000009 completed'],
  },
])('the events of one of the $path', ({ path, read, notFound, tell, at, steps }) => {
  it('say how it stands, to its end, at any gateway, from after any of them', async () => {
    const id = randomUUID();
    let now: { id: string; status: string } = at(id, 'running', 0);
    await gateway.services.on(read, ({ message }) => {
      if (message['id'] !== id) throw new ScriptedError(notFound);
      return now;
    });
    const events = `/v1/${path}/${id}/events`;
    const whole = await open(events);
    await whole.untilRead(1);
    for (const [index, [verb, status, ended]] of (
      [
        ['progressed', 'running', 3],
        ['completed', 'completed', 4],
      ] as const
    ).entries()) {
      now = at(id, status, ended);
      await tell(id, verb);
      await whole.untilRead(index + 2);
    }
    await whole.untilEnded();
    expect(stepsOf(whole.events)).toEqual(steps);
    expect(whole.events.at(-1)?.data).toEqual(now);
    const last = whole.events.at(-1)!.id;
    const late = await open(events, { 'last-event-id': String(last - 1) }, other);
    await late.untilEnded();
    expect(late.events).toEqual(whole.events.slice(-1));
    expect((await open(events, { 'last-event-id': String(last) }, other)).status).toBe(204);
    expect(await gateway.get(`/v1/${path}/${randomUUID()}/events`)).toMatchObject({
      status: 404,
      body: { code: notFound },
    });
  });
});

it('an optimisation is followed by the client to its end', async () => {
  const id = randomUUID();
  let now: object = { id, status: 'running', attempt: 1, progress: { trials: 1 } };
  await gateway.services.on(REQUESTS.optimizationGet, () => now);
  const told: string[] = [];
  for await (const { status } of new DspyNest({ url: gateway.url }).optimizations.follow(id)) {
    told.push(status);
    now = { ...now, status: 'completed' };
    await executions.tellOptimization(id, 'completed');
  }
  expect(told).toEqual(['running', 'completed']);
});

describe('the events of the platform', () => {
  it('come with their numbers, of this tenant, as far as they are wanted', async () => {
    const client = await open('/v1/events?filter[program][eq]=mood&filter[status][in]=failed,succeeded');
    const [id, foreign] = [executions.accept('mood'), executions.accept('mood')];
    await executions.end(executions.accept('qa'));
    await executions.end(foreign, 'failed', 'other');
    await executions.end(id, 'failed');
    const [event] = await client.untilRead(1);
    expect(event).toMatchObject({ event: 'execution.execution.failed.v1', data: { subject: id, tenant: 'default' } });
    expect(client.events).toHaveLength(1);
  });

  it('can be gone on with at another gateway: none is lost, none comes twice', async () => {
    const filter = 'filter[program][eq]=resumed';
    const first = await open(`/v1/events?${filter}`);
    const ids = Array.from({ length: 40 }, () => executions.accept('resumed'));
    const ending = (async () => {
      for (const id of ids) await executions.end(id);
    })();
    const { id: seen } = (await first.untilRead(10))[9]!;
    first.close();
    const rest = await open(`/v1/events?${filter}`, { 'last-event-id': String(seen) }, other);
    await ending;
    const events = [...first.events.filter(({ id }) => id <= seen), ...(await rest.untilRead(30))];
    expect(events.map(({ data }) => data['subject'])).toEqual(ids);
  });

  it('can be gone on with when the connection broke before the first', async () => {
    const first = await open('/v1/events');
    const seen = await eventually(() => /^id: (\d+)$/.exec(first.comments[1] ?? '')![1]!);
    first.close();
    const id = executions.accept();
    await executions.end(id);
    const [event] = await (await open('/v1/events', { 'last-event-id': seen }, other)).untilRead(1);
    expect(event?.data['subject']).toBe(id);
  });

  it('that are not stored any more are told of', async () => {
    const client = await open('/v1/events?after=999999999');
    const [event] = await client.untilRead(1);
    expect(event).toMatchObject({ event: 'reset', data: { code: 'events_expired' } });
  });

  it('are refused by a filter that is not known', async () => {
    const answer = await gateway.get('/v1/events?filter[colour][eq]=red');
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/filter[colour]' }] } });
  });

  it('do not wait for a client that does not read: it is given up, and others get all', async () => {
    const dropped = await metric('dspy_event_streams_dropped_total');
    const [slow, quick] = [await open('/v1/events'), await open('/v1/events')];
    await executions.end(executions.accept());
    await Promise.all([slow.untilRead(1), quick.untilRead(1)]);
    slow.stall();
    for (let told = 0; told < LARGE_EVENTS; told += 1)
      await executions.tell(randomUUID(), { status: 'succeeded', padding: PAYLOAD });
    await quick.untilRead(LARGE_EVENTS + 1);
    await eventually(async () => expect(await metric('dspy_event_streams_dropped_total')).toBe(dropped + 1));
    expect(await metric('dspy_event_streams')).toBe(1);
  }, 30_000);

  it('can be read by curl', async () => {
    const curl = promisify(execFile)('curl', [
      '-sN',
      '--max-time',
      '10',
      `${gateway.url}${eventsOf(executions.accept())}`,
    ]);
    curl.child.stdout?.once('data', () => undefined);
    let text = '';
    curl.child.stdout?.on('data', (chunk: string) => (text += chunk));
    await eventually(() => expect(text).toContain('event: queued'));
    curl.child.kill();
    await curl.catch(() => undefined);
  });
});

it('leaves nothing open for who asks for the head only, or goes', async () => {
  const before = await metric('dspy_event_streams');
  expect((await fetch(`${gateway.url}/v1/events`, { method: 'HEAD' })).status).toBe(200);
  const client = await open('/v1/events');
  client.close();
  await eventually(async () => expect(await metric('dspy_event_streams')).toBe(before));
});

it('ends its streams when it stops, so that clients go on elsewhere', async () => {
  const leaving = await gateway.replica();
  const id = executions.accept();
  const following = [await open('/v1/events', {}, leaving), await open(eventsOf(id), {}, leaving)];
  await following[1]!.untilRead(1);
  const closed = leaving.gateway.close();
  await Promise.all(following.map((client) => client.untilEnded()));
  await closed;
});

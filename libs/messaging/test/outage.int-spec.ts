import { eventFilter, jobSubject } from '@dspy-nest/contracts';
import { newContext, ServiceUnavailableError, cloudEvent } from '@dspy-nest/platform';
import { eventually, startServers, type TestServers } from '@dspy-nest/testing';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { EventBus, JobQueue, Nats, RequestClient } from '../src/index';
import { Door } from './door';

const QUERY = 'dspy.qry.teller.thing.get.v1';
const COMMAND = 'dspy.cmd.teller.thing.make.v1';
const ctx = newContext();

let servers: TestServers;
let door: Door;
let nats: Nats;
let client: RequestClient;
let service: NatsConnection;

beforeAll(async () => {
  servers = await startServers({ only: ['nats'] });
  const { host, username, password } = new URL(servers.natsUrl);
  service = await connect({ servers: host, user: username, pass: password });
  const declarer = await Nats.connect(servers.natsUrl, 'declarer');
  await new JobQueue(declarer).declareStreams();
  await declarer.close();
}, 30_000);

beforeEach(async () => {
  door = new Door(servers.natsUrl);
  nats = await Nats.connect(await door.open(), 'test');
  client = new RequestClient(nats);
});

afterEach(async () => {
  await nats.close();
  await door.close().catch(() => undefined);
});

afterAll(async () => {
  await service?.close();
  await servers?.stop();
});

/** Answers from the `from`-th request on; the ones before get no answer. */
async function answering(subject: string, from: number): Promise<{ received: () => number; stop: () => void }> {
  let received = 0;
  const subscription = service.subscribe(subject, {
    callback: (_error, message) => {
      received += 1;
      if (received >= from) message.respond(JSON.stringify({ ok: true, data: received }));
    },
  });
  await service.flush();
  return { received: () => received, stop: () => subscription.unsubscribe() };
}

const lose = async (): Promise<void> => {
  await door.close();
  await eventually(() => expect(nats.isConnected()).toBe(false));
};

describe('a request under way when the connection is lost', () => {
  it('is asked again when it may be, and answered', async () => {
    const teller = await answering(QUERY, 2);
    const answer = client.request(ctx, QUERY, {});
    await eventually(() => expect(teller.received()).toBe(1));
    await lose();
    await door.open();
    expect(await answer).toBe(2);
    teller.stop();
  });

  it('fails at once when it may not, instead of at its timeout', async () => {
    const teller = await answering(COMMAND, 2);
    const failure = client.request(ctx, COMMAND, {}).catch((error: unknown) => String(error));
    await eventually(() => expect(teller.received()).toBe(1));
    await lose();
    expect(await failure).toContain('whether the service "teller" got the request is not known');
    expect(teller.received()).toBe(1);
    teller.stop();
  });
});

describe('while the connection is away', () => {
  it('a query waits for it, also for a service that is back only later', async () => {
    await lose();
    const answer = client.request(ctx, QUERY, {});
    await door.open();
    await eventually(() => expect(nats.isConnected()).toBe(true));
    const teller = await answering(QUERY, 1);
    expect(await answer).toBe(1);
    teller.stop();
  });

  it('a command waits for it too, for nobody can have got it', async () => {
    await lose();
    const answer = client.request(ctx, COMMAND, {});
    const teller = await answering(COMMAND, 1);
    await door.open();
    expect([await answer, teller.received()]).toEqual([1, 1]);
    teller.stop();
  });

  it('a query fails when it stays away', async () => {
    await lose();
    const ownDeadline = newContext('default', undefined, Date.now() + 300);
    await expect(client.request(ownDeadline, QUERY, {})).rejects.toThrow(ServiceUnavailableError);
  });

  it('a job and an event are stored once it is back', async () => {
    const stored: string[] = [];
    const listening = service.subscribe(eventFilter('teller', 'thing'), {
      callback: (_error, message) => void stored.push(message.subject),
    });
    await lose();
    const event = cloudEvent(ctx, {
      id: 'away-1',
      source: 'teller',
      type: 'teller.thing.made.v1',
      subject: '1',
      data: {},
    });
    const subject = jobSubject('default', 'interactive', '1');
    const queue = new JobQueue(nats);
    const work = Promise.all([
      queue.publish(subject, 'away-1', JSON.stringify(event)),
      new EventBus(nats).publish('dspy.evt.default.teller.thing.made.v1', event),
    ]);
    await door.open();
    await work;
    expect(await queue.has(subject)).toBe(true);
    await queue.remove(subject);
    await eventually(() => expect(stored).toHaveLength(1));
    listening.unsubscribe();
  });
});

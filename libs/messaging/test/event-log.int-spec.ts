import { Logger } from '@nestjs/common';
import { STREAMS } from '@dspy-nest/contracts';
import { newContext, cloudEvent } from '@dspy-nest/platform';
import { eventually, startServers, type TestServers } from '@dspy-nest/testing';
import { EventBus, EventLog, EventReader, JobQueue, Nats } from '../src/index';
import { Door } from './door';

const TOO_FAR = 1_000_000;

let servers: TestServers;
let nats: Nats;
let events: EventBus;
let log: EventLog;

beforeAll(async () => {
  Logger.overrideLogger(false);
  servers = await startServers({ only: ['nats'] });
  nats = await Nats.connect(servers.natsUrl, 'test');
  events = new EventBus(nats);
  await new JobQueue(nats).declareStreams();
}, 30_000);
beforeEach(() => {
  log = new EventLog(nats);
});
afterEach(() => log.onModuleDestroy());
afterAll(async () => {
  await nats?.close();
  await servers?.stop();
});

const lastSequence = async (): Promise<number> => (await nats.manager.streams.info(STREAMS.events)).state.last_seq;

/** Stores events with these data, in order. */
async function tell(data: readonly unknown[], tenant = 'acme'): Promise<void> {
  const subject = `dspy.evt.${tenant}.test.thing.moved.v1`;
  await Promise.all(
    data.map((one) =>
      events.publish(subject, cloudEvent(newContext(tenant), { source: 'test', type: 'test.moved', data: one })),
    ),
  );
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);

interface Opened {
  readonly reader: EventReader;
  readonly slow: () => number;
}

async function open(after?: number, wants: (data: unknown) => boolean = () => true, from = log): Promise<Opened> {
  let slow = 0;
  const options = {
    wants: ({ event }: { event: { data: unknown } }) => wants(event.data),
    onTooSlow: () => (slow += 1),
  };
  return { reader: await EventReader.open(from, 'acme', after, options), slow: () => slow };
}

/** The data of the next events; of lost ones `lost`. */
async function take(reader: EventReader, count: number): Promise<unknown[]> {
  const taken: unknown[] = [];
  while (taken.length < count) {
    const { value, done } = await reader.next();
    if (done === true) break;
    taken.push('lost' in value ? 'lost' : value.event.data);
  }
  return taken;
}

describe('a reader', () => {
  it('finds what was stored before it came, page after page, and goes on with what comes, nothing twice', async () => {
    const after = await lastSequence();
    await tell(range(0, 600));
    const { reader } = await open(after);
    const telling = tell(range(600, 900));
    expect(await take(reader, 900)).toEqual(range(0, 900));
    await telling;
    await tell(['last']);
    expect(await take(reader, 1)).toEqual(['last']);
  });

  it('gives numbers by which another process goes on where this one ended', async () => {
    const { reader } = await open(await lastSequence());
    const other = new EventLog(nats);
    await tell(range(0, 10));
    const [first, second] = [await reader.next(), await reader.next()];
    expect([first, second].map(({ value }) => (value as { event: { data: unknown } }).event.data)).toEqual([0, 1]);
    const resumed = await open((second.value as { sequence: number }).sequence, undefined, other);
    expect(await take(resumed.reader, 8)).toEqual(range(2, 10));
    other.onModuleDestroy();
  });

  it('without a number begins now', async () => {
    await tell(['before']);
    const { reader } = await open();
    await tell(['after']);
    expect(await take(reader, 1)).toEqual(['after']);
  });

  it('gets events of its tenant that it wants only', async () => {
    const { reader } = await open(await lastSequence(), (data) => data !== 'no');
    await tell(['foreign'], 'acme-2');
    await tell(['no', 'yes']);
    expect(await take(reader, 1)).toEqual(['yes']);
    const { reader: again } = await open((await lastSequence()) - 3, (data) => data !== 'no');
    expect(await take(again, 1)).toEqual(['yes']);
  });

  it('shares one consumer with all others of its process, and leaves none behind', async () => {
    const count = async (): Promise<number> => (await nats.manager.streams.info(STREAMS.events)).state.consumer_count;
    const after = (await lastSequence()) - 1;
    const readers = await Promise.all(range(0, 50).map(() => open(after)));
    await tell(['x']);
    await Promise.all(readers.map(({ reader }) => take(reader, 2)));
    await eventually(async () => expect(await count()).toBe(1));
    log.onModuleDestroy();
    await eventually(async () => expect(await count()).toBe(0));
  });

  it('ends when it is asked to, also while it waits', async () => {
    const { reader } = await open();
    const waiting = reader.next();
    await reader.return();
    expect(await waiting).toEqual({ value: undefined, done: true });
  });

  it('that is too slow ends, with little kept for it, and stops no other', async () => {
    const [slow, quick] = [await open(), await open()];
    const reading = take(quick.reader, 1_200);
    expect(await Promise.all([take(slow.reader, 1), tell(range(0, 600))])).toEqual([[0], undefined]);
    await tell(range(600, 1_200));
    expect(await reading).toEqual(range(0, 1_200));
    expect([slow.slow(), quick.slow()]).toEqual([1, 0]);
    expect(await slow.reader.next()).toEqual({ value: undefined, done: true });
  });

  it('that is too slow for large events ends sooner', async () => {
    const { slow, reader } = await open();
    const { reader: quick } = await open();
    const reading = Promise.all([take(quick, 51), take(reader, 1)]);
    await tell(range(0, 51).map(() => 'x'.repeat(100_000)));
    await reading;
    expect(slow()).toBe(1);
  });
});

describe('what cannot be given any more', () => {
  it('is told of, and the reader goes on with what is there', async () => {
    const after = await lastSequence();
    await tell(range(0, 20));
    await nats.manager.streams.purge(STREAMS.events, { seq: after + 11 });
    const { reader } = await open(after);
    expect(await take(reader, 11)).toEqual(['lost', ...range(10, 20)]);
  });

  it('is told of to who names a number that was not given yet', async () => {
    const { reader } = await open((await lastSequence()) + TOO_FAR);
    await tell(['next']);
    expect(await take(reader, 2)).toEqual(['lost', 'next']);
  });

  it('is told of when the stream begins anew behind a lost connection', async () => {
    await tell(range(0, 5));
    const door = new Door(servers.natsUrl);
    const through = await Nats.connect(await door.open(), 'through');
    const away = new EventLog(through);
    const { reader } = await open(undefined, undefined, away);
    await tell(['seen']);
    expect(await take(reader, 1)).toEqual(['seen']);
    await door.close();
    await eventually(() => expect(through.isConnected()).toBe(false));
    await nats.manager.streams.delete(STREAMS.events);
    await new JobQueue(nats).declareStreams();
    await tell(range(0, 3));
    await door.open();
    expect(await take(reader, 1)).toEqual(['lost']);
    await tell(['anew']);
    expect(await take(reader, 1)).toEqual(['anew']);
    away.onModuleDestroy();
    await through.close();
    await door.close();
  }, 30_000);
});

it('misses nothing of the time in which the connection was lost', async () => {
  const door = new Door(servers.natsUrl);
  const through = await Nats.connect(await door.open(), 'through');
  const away = new EventLog(through);
  const { reader } = await open(undefined, undefined, away);
  await tell([0]);
  expect(await take(reader, 1)).toEqual([0]);
  await door.close();
  await eventually(() => expect(through.isConnected()).toBe(false));
  await tell(range(1, 50));
  await door.open();
  await tell(range(50, 60));
  expect(await take(reader, 59)).toEqual(range(1, 60));
  away.onModuleDestroy();
  await through.close();
  await door.close();
}, 30_000);

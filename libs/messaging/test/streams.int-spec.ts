import { Logger } from '@nestjs/common';
import { jobSubject, STREAMS, workerDurable, type CloudEvent } from '@dspy-nest/contracts';
import { newContext, ServiceUnavailableError, cloudEvent } from '@dspy-nest/platform';
import { eventually, startServers, type TestServers } from '@dspy-nest/testing';
import { jetstream } from '@nats-io/jetstream';
import { EventBus, JobQueue, Nats, SignalBus } from '../src/index';

let servers: TestServers;
let nats: Nats;
let jobs: JobQueue;
let events: EventBus;

beforeAll(async () => {
  Logger.overrideLogger(false);
  servers = await startServers({ only: ['nats'] });
  nats = await Nats.connect(servers.natsUrl, 'test');
  jobs = new JobQueue(nats);
  events = new EventBus(nats);
  await jobs.declareStreams();
}, 30_000);

afterAll(async () => {
  await nats?.close();
  await servers?.stop();
});

const event = (data: unknown): CloudEvent =>
  cloudEvent(newContext('acme'), { source: 'test', type: 'test.happened', data });

const messagesIn = async (stream: string): Promise<number> => (await nats.manager.streams.info(stream)).state.messages;

describe('the streams', () => {
  it('are bounded, and may be declared by many replicas again and again', async () => {
    await Promise.all([jobs.declareStreams(), jobs.declareStreams(), new JobQueue(nats).declareStreams()]);
    for (const name of Object.values(STREAMS)) {
      const { config } = await nats.manager.streams.info(name);
      for (const limit of [config.max_msgs, config.max_bytes, config.max_age]) expect(limit).toBeGreaterThan(0);
    }
  });

  it('of an older definition are mended', async () => {
    await nats.manager.streams.update(STREAMS.events, { max_age: 60_000_000_000, duplicate_window: 60_000_000_000 });
    await jobs.declareStreams();
    expect((await nats.manager.streams.info(STREAMS.events)).config.max_age).toBe(7 * 86_400 * 1e9);
  });
});

describe('events', () => {
  it('are stored once however often the same one is published', async () => {
    const before = await messagesIn(STREAMS.events);
    const twice = event({ n: 1 });
    await events.publish('dspy.evt.acme.test.thing.created.v1', twice);
    await events.publish('dspy.evt.acme.test.thing.created.v1', twice);
    expect(await messagesIn(STREAMS.events)).toBe(before + 1);
  });

  it('reach every subscriber, and a failing handler does not end its subscription', async () => {
    const seen: string[] = [];
    const failing = events.subscribe('dspy.evt.*.test.topic.*.v1', () => {
      throw new Error('a bug');
    });
    const counting = events.subscribe(
      'dspy.evt.*.test.topic.*.v1',
      (got, subject) => void seen.push(`${subject} ${String(got.data)}`),
    );
    for (const n of [1, 2]) await events.publish('dspy.evt.acme.test.topic.moved.v1', event(n));
    await eventually(() => expect(seen).toEqual([1, 2].map((n) => `dspy.evt.acme.test.topic.moved.v1 ${n}`)));
    expect(failing.isClosed()).toBe(false);
    failing.unsubscribe();
    counting.unsubscribe();
  });

  it('that no stream takes are an error, not lost', async () => {
    await expect(events.publish('dspy.nowhere.v1', event(1))).rejects.toThrow(ServiceUnavailableError);
  });

  it('are CloudEvents of the tenant', () => {
    expect(
      cloudEvent({ tenant: 'acme', traceparent: 't' }, { id: 'x', source: 's', type: 't', subject: 'it', data: 1 }),
    ).toEqual({
      specversion: '1.0',
      id: 'x',
      source: 's',
      type: 't',
      subject: 'it',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
      datacontenttype: 'application/json',
      tenant: 'acme',
      traceparent: 't',
      data: 1,
    });
  });
});

describe('signals', () => {
  it('reach those who listen now', async () => {
    const bus = new SignalBus(nats);
    const seen: unknown[] = [];
    const subscription = bus.subscribe('dspy.stream.test.thing.ping.v1', (message) => seen.push(message));
    bus.publish('dspy.stream.test.thing.ping.v1', { n: 1 });
    await eventually(() => expect(seen).toEqual([{ n: 1 }]));
    subscription.unsubscribe();
  });
});

describe('the job queue', () => {
  it('knows a job until it is acknowledged', async () => {
    const subject = jobSubject('small', 'fast', 'job-1');
    await jobs.declareWorkerConsumer('small', 'fast');
    await jobs.declareWorkerConsumer('small', 'fast');
    expect(await jobs.has(subject)).toBe(false);
    await jobs.publish(subject, 'job-1:1', JSON.stringify(event({ n: 1 })));
    expect(await jobs.has(subject)).toBe(true);
    expect(await jobs.depth('small', 'fast')).toBe(1);

    const consumer = await jetstream(nats.connection).consumers.get(STREAMS.jobs, workerDurable('small', 'fast'));
    const job = await consumer.next({ expires: 5_000 });
    expect(job?.json<CloudEvent>().data).toEqual({ n: 1 });
    expect(await jobs.has(subject)).toBe(true);
    expect(await jobs.depth('small', 'fast')).toBe(1);
    await job?.ackAck();
    expect(await jobs.has(subject)).toBe(false);
    expect(await jobs.depth('small', 'fast')).toBe(0);
  });

  it('takes the same message id once, and another epoch again', async () => {
    const subject = jobSubject('small', 'slow', 'job-2');
    const before = await messagesIn(STREAMS.jobs);
    for (const id of ['job-2:1', 'job-2:1', 'job-2:2']) await jobs.publish(subject, id, JSON.stringify(event(1)));
    expect(await messagesIn(STREAMS.jobs)).toBe(before + 2);
  });

  it('gives up a removed job, and removing what is gone is harmless', async () => {
    const subject = jobSubject('small', 'slow', 'job-3');
    await jobs.publish(subject, 'job-3:1', JSON.stringify(event(1)));
    await jobs.remove(subject);
    expect(await jobs.has(subject)).toBe(false);
    await jobs.remove(subject);
  });

  it('has no depth where no worker ever was', async () => {
    expect(await jobs.depth('empty', 'lane')).toBe(0);
  });

  it('hands a job out again when its worker does not answer for it', async () => {
    const subject = jobSubject('dead', 'fast', 'job-4');
    await jobs.declareWorkerConsumer('dead', 'fast');
    await jobs.publish(subject, 'job-4:1', JSON.stringify(event(1)));
    const consumer = await jetstream(nats.connection).consumers.get(STREAMS.jobs, workerDurable('dead', 'fast'));
    expect((await consumer.next({ expires: 5_000 }))?.info.deliveryCount).toBe(1);
    const again = await consumer.next({ expires: 10_000 });
    expect(again?.info.deliveryCount).toBe(2);
    await again?.ackAck();
  }, 20_000);
});

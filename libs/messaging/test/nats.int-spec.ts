import { newContext } from '@dspy-nest/platform';
import { eventually, startServers, type TestServers } from '@dspy-nest/testing';
import { Nats, SignalBus } from '../src/index';
import { Door } from './door';

let servers: TestServers;
let nats: Nats;

beforeAll(async () => {
  servers = await startServers({ only: ['nats'] });
  nats = await Nats.connect(servers.natsUrl, 'test');
}, 30_000);

afterAll(async () => {
  await nats?.close();
  await servers?.stop();
});

describe('a connection', () => {
  it('that was lost comes back, with its subscriptions, and says so', async () => {
    const seen: unknown[] = [];
    const bus = new SignalBus(nats);
    bus.subscribe('dspy.stream.test.thing.ping.v1', (message) => seen.push(message));
    let reconnects = 0;
    nats.onReconnect(() => (reconnects += 1));
    await nats.connection.reconnect();
    await eventually(() => expect([reconnects, nats.isConnected()]).toEqual([1, true]));
    bus.publish('dspy.stream.test.thing.ping.v1', newContext().tenant);
    await eventually(() => expect(seen).toEqual(['default']));
  });

  it('writes what is published in one turn of the event loop at once, and in order', async () => {
    const seen: number[] = [];
    const bus = new SignalBus(nats);
    bus.subscribe<number>('dspy.stream.test.thing.count.v1', (number) => seen.push(number));
    await nats.connection.flush();
    const { protocol } = nats.connection as unknown as { protocol: { transport: { send(frame: Uint8Array): void } } };
    const send = jest.spyOn(protocol.transport, 'send');
    const numbers = Array.from({ length: 50 }, (_, number) => number);
    for (const number of numbers) {
      bus.publish('dspy.stream.test.thing.count.v1', number);
      await Promise.resolve();
    }
    await eventually(() => expect(seen).toEqual(numbers));
    expect(send).toHaveBeenCalledTimes(1);
    send.mockRestore();
  });

  it('with a wrong password fails instead of waiting for ever', async () => {
    const url = new URL(servers.natsUrl);
    url.password = 'wrong';
    await expect(Nats.connect(url.href, 'test')).rejects.toThrow(/authorization/i);
  }, 10_000);

  it('waits for a server that is not there yet, outlives an outage, and closes once', async () => {
    const door = new Door(servers.natsUrl);
    const url = await door.open();
    await door.close();
    const connecting = Nats.connect(url, 'test');
    await door.open();
    const far = await connecting;
    expect(far.isConnected()).toBe(true);

    await door.close();
    await eventually(() => expect(far.isConnected()).toBe(false));
    await door.open();
    await eventually(() => expect(far.isConnected()).toBe(true));
    await far.connection.flush();

    await far.close();
    await far.close();
    expect(far.isConnected()).toBe(false);
    await door.close();
  });
});

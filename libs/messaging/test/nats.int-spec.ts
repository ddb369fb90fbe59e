import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { newContext } from '@dspy-nest/platform';
import { eventually, startServers, type TestServers } from '@dspy-nest/testing';
import { Nats, SignalBus } from '../src/index';

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

  it('with a wrong password fails instead of waiting for ever', async () => {
    const url = new URL(servers.natsUrl);
    url.password = 'wrong';
    await expect(Nats.connect(url.href, 'test')).rejects.toThrow(/authorization/i);
  }, 10_000);

  it('waits for a server that is not there yet, outlives an outage, and closes once', async () => {
    const { hostname, port } = new URL(servers.natsUrl);
    const door = new Door(hostname, Number(port));
    const url = new URL(servers.natsUrl);
    url.port = String(await door.open());
    await door.close();
    const connecting = Nats.connect(url.href, 'test');
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

/** A way to the server that can be shut; keeps its port. */
class Door {
  private server: Server | undefined;
  private port = 0;
  private readonly sockets = new Set<Socket>();

  constructor(
    private readonly host: string,
    private readonly target: number,
  ) {}

  async open(): Promise<number> {
    this.server = createServer((socket) => {
      const onward = connect(this.target, this.host);
      for (const end of [socket, onward]) this.sockets.add(end.on('error', () => end.destroy()));
      socket.pipe(onward).pipe(socket);
    });
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
    return this.port;
  }

  async close(): Promise<void> {
    const closed = once(this.server!, 'close');
    this.server?.close();
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
    await closed;
  }
}

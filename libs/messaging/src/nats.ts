import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, errors, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node';
import { Inbox } from './inbox';
import { PayloadStore } from './payload-store';
import { batchWrites } from './write-batching';

const RECONNECT_WAIT_MS = 250;
const RECONNECT_JITTER_MS = 250;
const PING_INTERVAL_MS = 10_000;

/** Options of a connection that outlives any outage of the server; user and password come from the URL. */
export function connectionOptions(url: string, name: string): NodeConnectionOptions {
  const { host, username, password, protocol } = new URL(url);
  const options: NodeConnectionOptions = {
    servers: `${protocol}//${host}`,
    name,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_WAIT_MS,
    reconnectJitter: RECONNECT_JITTER_MS,
    pingInterval: PING_INTERVAL_MS,
    waitOnFirstConnect: true,
    // A stack trace for each request costs more than the request.
    noAsyncTraces: true,
  };
  if (protocol === 'tls:') options.tls = {};
  if (password !== '') return { ...options, user: decodeURIComponent(username), pass: decodeURIComponent(password) };
  return username === '' ? options : { ...options, token: decodeURIComponent(username) };
}

/** The connection was lost before the answer came: whether anybody got the question is not known. */
export class ConnectionLostError extends Error {}

/** One connection to NATS with the inbox of its requests and its door to JetStream. */
export class Nats {
  private connected = true;
  private reconnectedAtMs = Number.NEGATIVE_INFINITY;
  private readonly reconnected: (() => void)[] = [];
  private readonly waitingForServer = new Set<() => void>();
  readonly payloads: PayloadStore;

  private constructor(
    readonly connection: NatsConnection,
    readonly inbox: Inbox,
    readonly manager: JetStreamManager,
  ) {
    this.payloads = new PayloadStore(connection, inbox);
    void this.watch();
  }

  /** Connects, waiting for the server as long as it takes. */
  static async connect(url: string, name: string): Promise<Nats> {
    const connection = await connect(connectionOptions(url, name));
    batchWrites(connection);
    // Without the check a start does not depend on JetStream being ready yet.
    const manager = await jetstreamManager(connection, { checkAPI: false });
    return new Nats(connection, new Inbox(connection), manager);
  }

  /** Whether the server answers as far as the connection knows. */
  isConnected(): boolean {
    return this.connected && !this.connection.isClosed();
  }

  /** Milliseconds since a lost connection came back; infinite when none was lost. */
  backForMs(): number {
    return performance.now() - this.reconnectedAtMs;
  }

  /** Waits for the server; rejects with ConnectionLostError when it is not there within `patienceMs`. */
  async untilConnected(patienceMs: number): Promise<void> {
    if (this.isConnected()) return;
    await new Promise<void>((resolve, reject) => {
      const back = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.waitingForServer.delete(back);
        reject(new ConnectionLostError(`NATS was away for ${Math.round(patienceMs)} ms.`));
      }, patienceMs);
      this.waitingForServer.add(back);
    });
  }

  /** Calls back after each time the connection was lost and came back: messages of that time were missed. */
  onReconnect(handler: () => void): void {
    this.reconnected.push(handler);
  }

  /** Sends what is buffered, lets subscriptions finish, closes. */
  async close(): Promise<void> {
    if (this.connection.isClosed()) return;
    // Draining waits for the server, so a lost one must not keep the process.
    await (this.connected ? this.connection.drain() : this.connection.close());
  }

  private async watch(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'disconnect' || status.type === 'staleConnection') this.lose();
      if (status.type === 'reconnect') this.comeBack();
    }
    this.connected = false;
    this.inbox.abandon(new errors.ClosedConnectionError());
  }

  private lose(): void {
    this.connected = false;
    this.inbox.abandon(new ConnectionLostError('The connection to NATS was lost before the answer.'));
  }

  private comeBack(): void {
    this.connected = true;
    this.reconnectedAtMs = performance.now();
    for (const back of this.waitingForServer) back();
    this.waitingForServer.clear();
    for (const handler of this.reconnected) handler();
  }
}

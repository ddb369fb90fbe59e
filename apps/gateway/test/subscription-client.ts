import { once } from 'node:events';
import { eventually } from '@dspy-nest/testing';
import { WebSocket } from 'ws';

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/** A client that speaks `graphql-transport-ws` message by message, also wrongly. */
export class SubscriptionClient {
  readonly messages: Message[] = [];
  closed: { code: number; reason: string } | undefined;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => this.messages.push(JSON.parse(data.toString()) as Message));
    socket.on('close', (code, reason) => (this.closed = { code, reason: reason.toString() }));
    socket.on('error', () => undefined);
  }

  static async open(url: string, protocol: string | undefined = 'graphql-transport-ws'): Promise<SubscriptionClient> {
    const client = SubscriptionClient.begin(url, protocol);
    await once(client.socket, 'open');
    return client;
  }

  /** A client that has greeted the server. */
  static async greeted(url: string): Promise<SubscriptionClient> {
    const client = await SubscriptionClient.open(url);
    client.send({ type: 'connection_init' });
    await client.untilGot('connection_ack');
    return client;
  }

  static begin(url: string, protocol?: string, headers: Record<string, string> = {}): SubscriptionClient {
    const address = `${url.replace('http', 'ws')}/graphql`;
    return new SubscriptionClient(new WebSocket(address, protocol === undefined ? [] : [protocol], { headers }));
  }

  send(message: object | string): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  subscribe(id: string, query: string, variables: object = {}): void {
    this.send({ id, type: 'subscribe', payload: { query, variables } });
  }

  /** Waits for messages of a type; gives their payloads. */
  untilGot(type: string, count = 1): Promise<unknown[]> {
    return eventually(() => {
      const got = this.messages.filter((message) => message.type === type);
      expect(got.length).toBeGreaterThanOrEqual(count);
      return got.map(({ payload }) => payload);
    });
  }

  untilClosed(): Promise<{ code: number; reason: string }> {
    return eventually(() => {
      expect(this.closed).toBeDefined();
      return this.closed!;
    });
  }
}

import { Transport, ServerNats, type MicroserviceOptions } from '@nestjs/microservices';
import type { OpenSpan } from '@dspy-nest/platform';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { connectionOptions } from './nats';
import { MalformedMessageError, MessageTooLargeError } from './messaging.errors';
import { handlingSpan } from './request-span';
import { encodeData, encodeError } from './wire-form';
import { batchWrites, untilWritten } from './write-batching';

const DRAIN_MS = 8_000;

interface ReplyPacket {
  response?: unknown;
  err?: unknown;
}

/** Nest's packet never appears on the wire: a body is the plain message, a reply `{ok, data | error}`. */
function deserialize(message: Msg, options?: { channel?: string; replyTo?: string }) {
  const packet = { id: options?.replyTo, pattern: options?.channel ?? message.subject };
  if (message.data.length === 0) return { ...packet, data: {} };
  try {
    return { ...packet, data: JSON.parse(message.string()) as unknown };
  } catch (cause) {
    const error = new MalformedMessageError(`A message to ${message.subject} is not JSON.`, { cause });
    message.respond(encodeError(error));
    throw error;
  }
}

function serialize(packet: ReplyPacket) {
  const data = packet.err === undefined ? encodeData(packet.response) : encodeError(packet.err);
  return { data };
}

/** Nest's NATS server, which on close first answers what it has begun (Nest's own waits a fixed time). */
class DrainingNatsServer extends ServerNats {
  private inFlight = 0;
  private readonly drainable: Subscription[] = [];
  private idle: (() => void) | undefined;
  private readonly spans = new WeakMap<Msg, OpenSpan>();

  constructor(
    natsUrl: string,
    private readonly service: string,
  ) {
    super({ ...connectionOptions(natsUrl, service), serializer: { serialize }, deserializer: { deserialize } });
  }

  override start(callback: (error?: unknown) => void): void {
    void this.listenAndTell(callback);
  }

  override bindEvents(client: NatsConnection): void {
    batchWrites(client);
    for (const [subject, handler] of this.messageHandlers) {
      const extras = handler.extras as { queue?: string } | undefined;
      const callback = this.getMessageHandler(subject).bind(this) as (error: Error | null, message: Msg) => void;
      this.drainable.push(client.subscribe(subject, { queue: extras?.queue ?? this.service, callback }));
    }
  }

  // Nest's own is ready while the server may not know yet what it listens to: the first request would find nobody.
  private async listenAndTell(callback: (error?: unknown) => void): Promise<void> {
    try {
      const client = this.unwrap<NatsConnection>();
      this.bindEvents(client);
      await client.flush();
      callback();
    } catch (error) {
      callback(error);
    }
  }

  override handleMessage(channel: string, message: Msg): Promise<void> {
    const span = handlingSpan(message);
    if (span !== undefined) this.spans.set(message, span);
    return super.handleMessage(channel, message);
  }

  override getPublisher(message: Msg): (packet: ReplyPacket) => void {
    this.inFlight += 1;
    return (packet) => {
      this.spans.get(message)?.end(packet.err);
      try {
        message.respond(serialize(packet).data);
      } catch (cause) {
        const text = `The answer to ${message.subject} is larger than NATS takes; ask for less at once.`;
        message.respond(encodeError(new MessageTooLargeError(text, { cause })));
      } finally {
        this.inFlight -= 1;
        if (this.inFlight === 0) this.idle?.();
      }
    };
  }

  override async close(): Promise<void> {
    await Promise.all(this.drainable.splice(0).map((subscription) => subscription.drain().catch(() => undefined)));
    if (this.inFlight > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, DRAIN_MS);
        this.idle = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    await untilWritten();
    await super.close();
  }
}

/** Options for `connectMicroservice`: handlers share the work of a service in a queue group of its name. */
export function natsTransport(natsUrl: string, service: string): MicroserviceOptions {
  const strategy = new DrainingNatsServer(natsUrl, service);
  strategy.setTransportId(Transport.NATS);
  return { strategy };
}

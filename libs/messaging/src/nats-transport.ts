import { Transport, ServerNats, type MessageHandler, type MicroserviceOptions } from '@nestjs/microservices';
import type { OpenSpan } from '@dspy-nest/platform';
import { headers, type Msg, type MsgHdrs, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import { Inbox } from './inbox';
import { connectionOptions } from './nats';
import { MalformedMessageError, MessageTooLargeError } from './messaging.errors';
import { isTooLargeForMessage, PayloadStore } from './payload-store';
import { handlingSpan } from './request-span';
import { encodeData, encodeError, PAYLOAD, payloadOf } from './wire-form';
import { batchWrites, untilWritten } from './write-batching';

const DRAIN_MS = 8_000;

interface ReplyPacket {
  response?: unknown;
  err?: unknown;
}

function parseBody(message: Msg, text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new MalformedMessageError(`A message to ${message.subject} is not JSON.`, { cause });
  }
}

function serialize(packet: ReplyPacket) {
  const data = packet.err === undefined ? encodeData(packet.response) : encodeError(packet.err);
  return { data };
}

function refuse(message: Msg, error: unknown): never {
  message.respond(encodeError(error));
  throw error;
}

/** Nest's NATS server, which on close first answers what it has begun (Nest's own waits a fixed time). */
class DrainingNatsServer extends ServerNats {
  private inFlight = 0;
  private readonly drainable: Subscription[] = [];
  private idle: (() => void) | undefined;
  private readonly spans = new WeakMap<Msg, OpenSpan>();
  private payloads!: PayloadStore;

  constructor(
    natsUrl: string,
    private readonly service: string,
  ) {
    super({
      ...connectionOptions(natsUrl, service),
      serializer: { serialize },
      deserializer: { deserialize: (message: Msg, options) => this.deserialize(message, options) },
    });
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
      this.payloads = new PayloadStore(client, new Inbox(client));
      this.bindEvents(client);
      await client.flush();
      callback();
    } catch (error) {
      callback(error);
    }
  }

  // Nest's own first takes every subject for JSON, which costs an exception for each message.
  override getHandlerByPattern(subject: string): MessageHandler | null {
    return this.messageHandlers.get(subject) ?? null;
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
      const text = serialize(packet).data;
      if (isTooLargeForMessage(text)) void this.answerLarge(message, text);
      else this.answer(message, text);
    };
  }

  /** Nest's packet never appears on the wire: a body is the plain message, a reply `{ok, data | error}`. */
  private deserialize(message: Msg, options?: { channel?: string; replyTo?: string }) {
    const packet = { id: options?.replyTo, pattern: options?.channel ?? message.subject };
    const ref = payloadOf(message);
    if (ref !== undefined) return this.claim(message, ref).then((data) => ({ ...packet, data }));
    try {
      return { ...packet, data: parseBody(message, message.string()) };
    } catch (error) {
      return refuse(message, error);
    }
  }

  private async claim(message: Msg, ref: string): Promise<unknown> {
    try {
      return parseBody(message, await this.payloads.claim(ref));
    } catch (error) {
      return refuse(message, error);
    }
  }

  private answer(message: Msg, text: string, ref?: string): void {
    try {
      if (ref === undefined) message.respond(text);
      else message.respond('', { headers: payloadHeader(ref) });
    } catch (cause) {
      const told = `The answer to ${message.subject} is larger than NATS takes; ask for less at once.`;
      message.respond(encodeError(new MessageTooLargeError(told, { cause })));
    } finally {
      this.inFlight -= 1;
      if (this.inFlight === 0) this.idle?.();
    }
  }

  private async answerLarge(message: Msg, text: string): Promise<void> {
    const ref = await this.payloads.leave(text).catch((error: unknown) => this.answer(message, encodeError(error)));
    if (ref !== undefined) this.answer(message, '', ref);
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

function payloadHeader(ref: string): MsgHdrs {
  const hdrs = headers();
  hdrs.set(PAYLOAD, ref);
  return hdrs;
}

/** Options for `connectMicroservice`: handlers share the work of a service in a queue group of its name. */
export function natsTransport(natsUrl: string, service: string): MicroserviceOptions {
  const strategy = new DrainingNatsServer(natsUrl, service);
  strategy.setTransportId(Transport.NATS);
  return { strategy };
}

import { randomUUID } from 'node:crypto';
import { Controller, Module, UseFilters, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { PAYLOAD_INLINE_MAX_BYTES, PAYLOAD_MAX_BYTES, STREAMS } from '@dspy-nest/contracts';
import { newContext, ServiceUnavailableError } from '@dspy-nest/platform';
import { bodyOf, eventually, messageOf, startServers, type TestServers } from '@dspy-nest/testing';
import { connect, headers, type Msg, type NatsConnection } from '@nats-io/transport-node';
import {
  JobQueue,
  MessageTooLargeError,
  MessagingModule,
  Nats,
  natsTransport,
  RequestClient,
  WireErrorFilter,
} from '../src/index';

const ECHO = 'dspy.qry.echo.text.get.v1';
const REPEAT = 'dspy.qry.echo.text.repeat.v1';
const ODD = 'dspy.qry.odd.text.get.v1';
const MIB = 1_048_576;

jest.setTimeout(30_000);

@Controller()
@UseFilters(WireErrorFilter)
class EchoHandler {
  @MessagePattern(ECHO)
  echo(@Payload() { text }: { text: string }): string {
    return text;
  }

  @MessagePattern(REPEAT)
  repeat(@Payload() { count }: { count: number }): string {
    return 'é'.repeat(count);
  }
}

@Module({ controllers: [EchoHandler] })
class EchoModule {}

let servers: TestServers;
let nats: Nats;
let client: RequestClient;
let plain: NatsConnection;
let echo: INestApplicationContext;

beforeAll(async () => {
  servers = await startServers({ only: ['nats'] });
  nats = await Nats.connect(servers.natsUrl, 'test');
  await new JobQueue(nats).declareStreams();
  client = new RequestClient(nats);
  const { host, username, password } = new URL(servers.natsUrl);
  plain = await connect({ servers: host, user: username, pass: password });
  const app = await NestFactory.createMicroservice(EchoModule, {
    ...natsTransport(servers.natsUrl, 'echo'),
    logger: false,
  });
  await app.listen();
  echo = app;
}, 30_000);

afterAll(async () => {
  await echo?.close();
  await plain?.close();
  await nats?.close();
  await servers?.stop();
});

const ask = (text: string): Promise<string> => client.request<string>(newContext(), ECHO, { text });
const store = async () => (await nats.manager.streams.info(STREAMS.payloads)).state;
const storeEmpties = (): Promise<void> => eventually(async () => expect((await store()).messages).toBe(0));
const answerOf = async (message: Msg): Promise<unknown> => bodyOf(plain, message);

describe('a large message', () => {
  it('goes there and back whole, on a server with the limits that NATS comes with, and leaves nothing behind', async () => {
    expect(plain.info?.max_payload).toBe(MIB);
    const text = `${randomUUID()} é \u{1f600} `.repeat(80_000);
    expect(Buffer.byteLength(text)).toBeGreaterThan(3 * MIB);
    expect((await ask(text)) === text).toBe(true);
    expect((await store()).last_seq).toBeGreaterThan(0);
    await storeEmpties();
  });

  it('is one of more bytes than 256 KiB; nothing smaller touches the store', async () => {
    const before = (await store()).last_seq;
    const overhead = JSON.stringify({ ok: true, data: '' }).length;
    const largest = 'é'.repeat((PAYLOAD_INLINE_MAX_BYTES - overhead) / 2);
    expect((await ask(largest)) === largest).toBe(true);
    expect((await store()).last_seq).toBe(before);
    expect((await ask(`${largest}é`)) === `${largest}é`).toBe(true);
    expect((await store()).last_seq).toBeGreaterThan(before);
  });

  it('may be many at once', async () => {
    const texts = Array.from({ length: 10 }, (_, index) => String(index).repeat(600_000));
    const answers = await Promise.all(texts.map(ask));
    expect(answers.map((answer, index) => answer === texts[index])).toEqual(texts.map(() => true));
    await storeEmpties();
  });

  it('can be sent and read by a plain client', async () => {
    const text = 'x'.repeat(2 * MIB);
    const { body, headers: hdrs } = await messageOf(plain, JSON.stringify({ text }));
    expect(body).toBe('');
    const answer = await plain.request(ECHO, body, { headers: hdrs, timeout: 5_000 });
    expect(answer.data).toHaveLength(0);
    expect(JSON.stringify(await answerOf(answer)) === JSON.stringify({ ok: true, data: text })).toBe(true);
    await nats.manager.streams.purge(STREAMS.payloads);
  });

  it('of more than 64 MiB is refused on either side', async () => {
    await expect(ask('x'.repeat(PAYLOAD_MAX_BYTES))).rejects.toThrow(MessageTooLargeError);
    const answer = client.request(newContext(), REPEAT, { count: PAYLOAD_MAX_BYTES / 2 });
    await expect(answer).rejects.toMatchObject({ code: 'payload_too_large', retryable: false });
  });
});

describe('a reference to what is not there', () => {
  const digest = 'a'.repeat(64);
  const sent = async (ref: string): Promise<unknown> => {
    const hdrs = headers();
    hdrs.set('dspy-payload', ref);
    return answerOf(await plain.request(ECHO, '', { headers: hdrs, timeout: 5_000 }));
  };

  it.each([
    `${randomUUID()}.${digest}.300000`,
    `${randomUUID()}.${digest}.999999999`,
    'nonsense',
    '*.>.1',
    `>.${digest}.1`,
  ])('(%s) is answered with an error at once', async (ref) => {
    const told = { code: 'service_unavailable', retryable: true, details: {} };
    expect(await sent(ref)).toEqual({ ok: false, error: { ...told, message: expect.any(String) as string } });
  });

  it('or is not as it was left, too', async () => {
    const { headers: hdrs } = await messageOf(plain, JSON.stringify({ text: 'x'.repeat(MIB) }));
    const [id, , length] = hdrs.get('dspy-payload').split('.');
    expect(await sent(`${id}.${digest}.${length}`)).toMatchObject({
      ok: false,
      error: { code: 'service_unavailable' },
    });
    await nats.manager.streams.purge(STREAMS.payloads);
  });

  it('is an error for who asked, at once', async () => {
    const odd = plain.subscribe(ODD, {
      callback: (_error, message) => {
        const hdrs = headers();
        hdrs.set('dspy-payload', `${randomUUID()}.${digest}.300000`);
        message.respond('', { headers: hdrs });
      },
    });
    await plain.flush();
    await expect(client.request(newContext(), ODD, {})).rejects.toThrow(ServiceUnavailableError);
    odd.unsubscribe();
  });
});

describe('a store that is full', () => {
  beforeAll(() => nats.manager.streams.update(STREAMS.payloads, { max_bytes: 2 * MIB }));
  afterAll(() => new JobQueue(nats).declareStreams());

  it('refuses a request, and keeps nothing of it', async () => {
    await expect(ask('x'.repeat(3 * MIB))).rejects.toMatchObject({ code: 'service_unavailable', retryable: true });
    await storeEmpties();
  });

  it('refuses an answer', async () => {
    const answer = client.request(newContext(), REPEAT, { count: 2 * MIB });
    await expect(answer).rejects.toMatchObject({ code: 'service_unavailable', retryable: true });
    await storeEmpties();
  });

  it('does not stand in the way of small messages', async () => {
    expect(await ask('small')).toBe('small');
  });
});

it('is there for every service that has the messaging module', async () => {
  const app = await NestFactory.createApplicationContext(
    { module: class Root {}, imports: [MessagingModule.forRoot({ service: 'root', natsUrl: servers.natsUrl })] },
    { logger: false },
  );
  const text = 'x'.repeat(MIB);
  expect((await app.get(RequestClient).request(newContext(), ECHO, { text })) === text).toBe(true);
  await app.close();
});

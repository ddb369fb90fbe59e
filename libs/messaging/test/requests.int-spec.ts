import { Controller, Module, UseFilters, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  newContext,
  ServiceUnavailableError,
  TimedOutError,
  ValidationFailedError,
  type RequestContext,
} from '@dspy-nest/platform';
import { eventually, startServers, type TestServers } from '@dspy-nest/testing';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import {
  ContractPipe,
  MessagingModule,
  Nats,
  natsTransport,
  RequestClient,
  RequestCtx,
  WireErrorFilter,
} from '../src/index';

const Greeting = z.strictObject({ name: z.string().max(10), list: z.array(z.int()).optional() });

/** Ends the waiting handlers. */
const waiting: (() => void)[] = [];

@Controller()
@UseFilters(WireErrorFilter)
class GreetingHandler {
  @MessagePattern('dspy.qry.greeter.greeting.get.v1')
  async get(
    @Payload(new ContractPipe(Greeting)) { name }: z.infer<typeof Greeting>,
    @RequestCtx() ctx: RequestContext,
  ) {
    return { text: `hello ${name}`, tenant: ctx.tenant, traceId: ctx.traceId, deadlineMs: ctx.deadlineMs };
  }

  @MessagePattern('dspy.cmd.greeter.greeting.fail.v1')
  fail({ how }: { how: string }): never {
    if (how === 'unknown') throw new Error('secret connection string');
    throw new ServiceUnavailableError('The greeter is tired.', { details: { retryAfterS: 3 } });
  }

  @MessagePattern('dspy.cmd.greeter.greeting.forget.v1')
  forget(): void {}

  @MessagePattern('dspy.cmd.greeter.greeting.wait.v1')
  wait(): Promise<string> {
    return new Promise((resolve) => {
      waiting.push(() => resolve('at last'));
    });
  }
}

@Module({ controllers: [GreetingHandler] })
class GreeterModule {}

let servers: TestServers;
let nats: Nats;
let client: RequestClient;
let plain: NatsConnection;
let greeter: INestApplicationContext;

async function startGreeter(): Promise<INestApplicationContext> {
  const app = await NestFactory.createMicroservice(GreeterModule, {
    ...natsTransport(servers.natsUrl, 'greeter'),
    logger: false,
  });
  await app.listen();
  return app;
}

beforeAll(async () => {
  servers = await startServers({ only: ['nats'] });
  nats = await Nats.connect(servers.natsUrl, 'test');
  client = new RequestClient(nats);
  const { host, username, password } = new URL(servers.natsUrl);
  plain = await connect({ servers: host, ...(username && { user: username, pass: password }) });
  greeter = await startGreeter();
}, 30_000);

afterAll(async () => {
  await greeter?.close();
  await plain?.close();
  await nats?.close();
  await servers?.stop();
});

describe('a request', () => {
  it('is answered with the data and carries tenant, trace and deadline', async () => {
    const ctx: RequestContext = { ...newContext('acme'), deadlineMs: Date.now() + 5_000 };
    const reply = await client.request(ctx, 'dspy.qry.greeter.greeting.get.v1', { name: 'Ada' });
    expect(reply).toEqual({ text: 'hello Ada', tenant: 'acme', traceId: ctx.traceId, deadlineMs: ctx.deadlineMs });
  });

  it('that is answered with nothing gives null', async () => {
    expect(await client.request(newContext(), 'dspy.cmd.greeter.greeting.forget.v1', {})).toBeNull();
  });

  it('that breaks the contract is refused with a pointer to each place', async () => {
    const request = client.request(newContext(), 'dspy.qry.greeter.greeting.get.v1', { name: 7, list: [1, 'x'] });
    await expect(request).rejects.toMatchObject({ code: 'validation_failed', retryable: false });
    const error = await request.catch((thrown: ValidationFailedError) => thrown);
    expect(error).toMatchObject({ details: { errors: [{ pointer: '/name' }, { pointer: '/list/1' }] } });
  });

  it('rejects with the error the service threw, as it described it', async () => {
    await expect(
      client.request(newContext(), 'dspy.cmd.greeter.greeting.fail.v1', { how: 'known' }),
    ).rejects.toMatchObject({
      code: 'service_unavailable',
      message: 'The greeter is tired.',
      retryable: true,
      details: { retryAfterS: 3 },
    });
  });

  it('never shows the text of an unknown error', async () => {
    const error = await client
      .request(newContext(), 'dspy.cmd.greeter.greeting.fail.v1', { how: 'unknown' })
      .catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'internal', retryable: false });
    expect(JSON.stringify(error) + (error as Error).message).not.toContain('secret');
  });

  it('to a service that is not there names the service', async () => {
    const request = client.request(newContext(), 'dspy.qry.registry.program.get.v1', {});
    await expect(request).rejects.toThrow(ServiceUnavailableError);
    await expect(request).rejects.toThrow(/"registry"/);
  });

  it('that nobody answers in time fails after the time out', async () => {
    const silent = plain.subscribe('dspy.qry.silent.thing.get.v1');
    await plain.flush();
    const startedMs = performance.now();
    const request = client.request(newContext(), 'dspy.qry.silent.thing.get.v1', {}, { timeoutMs: 100 });
    await expect(request).rejects.toThrow(TimedOutError);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    silent.unsubscribe();
  });

  it('whose deadline has passed is not sent', async () => {
    const ctx: RequestContext = { ...newContext(), deadlineMs: Date.now() - 1 };
    await expect(client.request(ctx, 'dspy.qry.nobody.thing.get.v1', {})).rejects.toThrow(TimedOutError);
  });
});

describe('the wire form', () => {
  const ask = async (subject: string, body: string): Promise<unknown> =>
    JSON.parse((await plain.request(subject, body, { timeout: 5_000 })).string());

  it('is plain JSON both ways, for a client of any language, without headers', async () => {
    expect(await ask('dspy.qry.greeter.greeting.get.v1', '{"name":"Eve"}')).toEqual({
      ok: true,
      data: { text: 'hello Eve', tenant: 'default', traceId: expect.stringMatching(/^[0-9a-f]{32}$/) as string },
    });
  });

  it('answers broken JSON with malformed_request', async () => {
    expect(await ask('dspy.qry.greeter.greeting.get.v1', '{"name":')).toEqual({
      ok: false,
      error: { code: 'malformed_request', message: expect.any(String) as string, retryable: false, details: {} },
    });
  });
});

describe('a service that closes', () => {
  it('first answers what it has begun, and takes nothing new', async () => {
    const pending = client.request(newContext(), 'dspy.cmd.greeter.greeting.wait.v1', {});
    await eventually(() => {
      expect(waiting).toHaveLength(1);
    });
    const closed = greeter.close();
    await eventually(async () => {
      await expect(client.request(newContext(), 'dspy.cmd.greeter.greeting.forget.v1', {})).rejects.toThrow(
        ServiceUnavailableError,
      );
    });
    waiting[0]?.();
    expect(await pending).toBe('at last');
    await closed;
  });
});

describe('the messaging module', () => {
  it('gives an app its connection and closes it with the app', async () => {
    const app = await NestFactory.createApplicationContext(
      { module: class Root {}, imports: [MessagingModule.forRoot({ service: 'root', natsUrl: servers.natsUrl })] },
      { logger: false },
    );
    const own = app.get(Nats);
    expect(own.isConnected()).toBe(true);
    await app.close();
    expect(own.isConnected()).toBe(false);
    expect(own.connection.isClosed()).toBe(true);
  });
});

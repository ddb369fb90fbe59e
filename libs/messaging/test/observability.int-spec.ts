import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Controller, Module, UseFilters, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern } from '@nestjs/microservices';
import { newContext, type RequestContext, ServiceUnavailableError, startTracing } from '@dspy-nest/platform';
import { startServers, type TestServers } from '@dspy-nest/testing';
import { Nats, natsTransport, RequestClient, RequestCtx, WireErrorFilter } from '../src/index';

const WHO = 'dspy.qry.greeter.greeting.who.v1';
const TRACE = 'dspy.qry.greeter.greeting.trace.v1';
const FAIL = `dspy.cmd.greeter.greeting-${randomUUID()}.fail.v1`;

/** A replica that says who it is when all are asked. */
function replica(name: string): new () => object {
  @Controller()
  @UseFilters(WireErrorFilter)
  class GreetingHandler {
    @MessagePattern(WHO, { queue: name })
    who(): string {
      if (name === 'broken') throw new ServiceUnavailableError('The greeter is tired.');
      return name;
    }

    @MessagePattern(TRACE)
    trace(@RequestCtx() { traceparent }: RequestContext): string {
      return traceparent;
    }

    @MessagePattern(FAIL)
    fail(): never {
      throw new ServiceUnavailableError('The greeter is tired.');
    }
  }

  @Module({ controllers: [GreetingHandler] })
  class GreeterModule {}
  return GreeterModule;
}

let servers: TestServers;
let nats: Nats;
let client: RequestClient;
const replicas: INestApplicationContext[] = [];

beforeAll(async () => {
  servers = await startServers({ only: ['nats'] });
  nats = await Nats.connect(servers.natsUrl, 'test');
  client = new RequestClient(nats);
  for (const name of ['a', 'b', 'broken']) {
    const app = await NestFactory.createMicroservice(replica(name), {
      ...natsTransport(servers.natsUrl, 'greeter'),
      logger: false,
    });
    await app.listen();
    replicas.push(app);
  }
}, 30_000);

afterAll(async () => {
  for (const app of replicas) await app.close();
  await nats?.close();
  await servers?.stop();
});

describe('a request to all replicas', () => {
  it('gives what each of them answers, without those that fail', async () => {
    const found = await client.requestAll<string>(newContext(), WHO, {}, { timeoutMs: 5_000 });
    expect(found.sort()).toEqual(['a', 'b']);
  });

  it('gives nothing, and soon, when there are none', async () => {
    const since = performance.now();
    expect(await client.requestAll(newContext(), 'dspy.qry.nobody.thing.get.v1', {}, { timeoutMs: 5_000 })).toEqual([]);
    expect(performance.now() - since).toBeLessThan(2_000);
  });
});

interface Span {
  readonly name: string;
  readonly kind: number;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: { key: string; value: { stringValue?: string } }[];
}

async function spansIn(request: IncomingMessage): Promise<Span[]> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const body = JSON.parse(text) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] };
  return body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
}

describe('a trace', () => {
  const CALLER = '00f067aa0ba902b7';
  const ctx = { ...newContext(), traceparent: `00-4bf92f3577b34da6a3ce929d0e0e4736-${CALLER}-01` };

  it('passes unchanged through a service that exports no spans', async () => {
    expect(await client.request(ctx, TRACE, {})).toBe(ctx.traceparent);
  });

  it('goes from the caller to who asks, to who answers, and on from there', async () => {
    const spans: Span[] = [];
    const collector = createServer((request, response) => {
      void spansIn(request).then((sent) => {
        spans.push(...sent);
        response.end('{}');
      });
    }).listen(0, '127.0.0.1');
    await once(collector, 'listening');
    process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
    const tracing = await startTracing('test');
    delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
    const seen = await client.request<string>(ctx, TRACE, {});
    await expect(client.request(ctx, FAIL, {})).rejects.toThrow('tired');
    await tracing.stop();
    collector.closeAllConnections();
    collector.close();

    const named = (name: string, kind: number): Span | undefined =>
      spans.find((span) => span.name === name && span.kind === kind);
    const [server, ask] = [named('greeter/greeting.trace', 2), named('greeter/greeting.trace', 3)];
    expect(ask?.parentSpanId).toBe(CALLER);
    expect(server?.parentSpanId).toBe(ask?.spanId);
    expect(seen).toBe(`00-4bf92f3577b34da6a3ce929d0e0e4736-${server?.spanId}-01`);
    expect(spans).toHaveLength(4);
    for (const kind of [2, 3]) {
      expect(named('greeter/greeting.fail', kind)?.attributes).toContainEqual({
        key: 'error.type',
        value: { stringValue: 'service_unavailable' },
      });
    }
  });
});

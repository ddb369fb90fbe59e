import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ServiceUnavailableError } from './errors';
import { newContext, parseTraceparent } from './request-context';
import { inSpan, startSpan, startTracing, type Tracing } from './tracing';

interface Sent {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly status: { code?: number; message?: string };
  readonly attributes: { key: string; value: { stringValue?: string } }[];
}
interface Body {
  resourceSpans: { resource: { attributes: unknown[] }; scopeSpans: { spans: Sent[] }[] }[];
}

async function bodyOf(request: IncomingMessage): Promise<Body> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text) as Body;
}

it('does nothing, and hands the context on unchanged, while nothing is exported', async () => {
  const tracing = await startTracing('shop', {});
  expect(startSpan('sell', { kind: 'server' })).toBeUndefined();
  const ctx = newContext();
  expect(await inSpan(ctx, 'sell', { kind: 'client' }, (own) => Promise.resolve(own))).toBe(ctx);
  await tracing.stop();
});

it('does nothing where OpenTelemetry is switched off', async () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_SDK_DISABLED: 'true' };
  const tracing = await startTracing('shop', env);
  expect(startSpan('sell', { kind: 'server' })).toBeUndefined();
  await tracing.stop();
});

describe('with a collector', () => {
  const bodies: Body[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      bodies.push(body);
      response.end('{}');
    });
  });
  let tracing: Tracing;

  beforeEach(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = `http://127.0.0.1:${port}`;
    tracing = await startTracing('shop');
  });
  afterEach(async () => {
    delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  it('links spans by the traceparent that is handed on, and tells failures without their text', async () => {
    const door = startSpan('GET', { kind: 'server', attributes: { 'url.scheme': 'http' } });
    const ctx = { ...newContext(), traceparent: door?.traceparent ?? '' };
    const failed = inSpan(ctx, 'shop.sell', { kind: 'client' }, ({ traceparent }) => {
      startSpan('send job', { kind: 'producer', parent: traceparent })?.end();
      return Promise.reject(new ServiceUnavailableError('The card 4111 was refused.'));
    });
    await expect(failed).rejects.toThrow(ServiceUnavailableError);
    door?.describe({ 'http.route': '/things' }, 'GET /things');
    door?.end();
    await tracing.stop();

    const spans = bodies.flatMap(({ resourceSpans }) =>
      resourceSpans.flatMap(({ scopeSpans }) => scopeSpans[0]?.spans ?? []),
    );
    const [job, sell, get] = spans;
    expect(spans.map(({ name }) => name)).toEqual(['send job', 'shop.sell', 'GET /things']);
    expect(get?.parentSpanId ?? '').toBe('');
    expect([job?.parentSpanId, sell?.parentSpanId]).toEqual([sell?.spanId, get?.spanId]);
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([parseTraceparent(ctx.traceparent)?.traceId]));
    expect([get, sell, job].map((span) => span?.kind)).toEqual([2, 3, 4]);
    expect(sell).toMatchObject({
      status: { code: 2 },
      attributes: [{ key: 'error.type', value: { stringValue: 'service_unavailable' } }],
    });
    expect(JSON.stringify(bodies)).not.toContain('4111');
    expect(JSON.stringify(bodies)).toContain('dspy-nest-shop');
    expect(startSpan('late', { kind: 'server' })).toBeUndefined();
  });
});

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as both languages send it. */
export interface CollectedSpan {
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first of a trace. */
  readonly parentSpanId: string;
}

interface JsonSpan extends Omit<CollectedSpan, 'service' | 'parentSpanId'> {
  readonly parentSpanId?: string;
}
interface JsonBody {
  resourceSpans: {
    resource: { attributes: { key: string; value: { stringValue?: string } }[] };
    scopeSpans: { spans: JsonSpan[] }[];
  }[];
}

/** Takes spans by OTLP over HTTP, as JSON from Node and as protobuf from Python. */
export class TraceCollector {
  /** What was sent, as it was sent. */
  readonly bodies: Buffer[] = [];
  private readonly json: CollectedSpan[] = [];
  private readonly protobuf: Buffer[] = [];
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      void this.take(request).then(() => response.end());
    });
  }

  static async start(): Promise<TraceCollector> {
    const collector = new TraceCollector();
    collector.server.listen(0, '127.0.0.1');
    await once(collector.server, 'listening');
    return collector;
  }

  /** What `OTEL_EXPORTER_OTLP_ENDPOINT` is set to. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** All spans that were sent so far. */
  spans(): CollectedSpan[] {
    return [...this.json, ...decode(this.protobuf)];
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async take(request: IncomingMessage): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    this.bodies.push(body);
    if (request.headers['content-type'] === 'application/json') this.json.push(...spansOf(body));
    else this.protobuf.push(body);
  }
}

function spansOf(body: Buffer): CollectedSpan[] {
  return (JSON.parse(body.toString()) as JsonBody).resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
    const spans = scopeSpans.flatMap((scope) => scope.spans);
    return spans.map(({ parentSpanId = '', ...span }) => ({ ...span, service, parentSpanId }));
  });
}

/** By the library with which the worker wrote them. */
function decode(bodies: Buffer[]): CollectedSpan[] {
  const input = bodies.map((body) => `${body.toString('hex')}\n`).join('');
  const { status, stdout, stderr } = spawnSync('.venv/bin/python', ['scripts/test/otlp_spans.py'], { input });
  if (status !== 0) throw new Error(`The spans of the worker cannot be read:\n${stderr.toString()}`);
  return JSON.parse(stdout.toString()) as CollectedSpan[];
}

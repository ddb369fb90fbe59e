import {
  type Attributes,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { AppError } from './errors';
import { parseTraceparent } from './request-context';

const ENDPOINTS = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];
const FLUSH_MS = 3_000;

/** Set while spans are exported; without it nothing here does any work. */
let tracer: Tracer | undefined;

/** What a span is, and under which W3C `traceparent` it stands: without one it starts a trace. */
export interface SpanOptions {
  readonly kind: 'server' | 'client' | 'producer' | 'internal';
  readonly parent?: string | undefined;
  readonly attributes?: Attributes;
}

/** A span that has begun. */
export interface OpenSpan {
  /** What makes another span its child. */
  readonly traceparent: string;
  /** Ends it, as failed when there is an error, of which the kind is told and never the text. */
  end(error?: unknown): void;
  /** Says more of it; `name` when it was not known at the beginning. */
  describe(attributes: Attributes, name?: string): void;
}

/** The export of spans by a process. */
export interface Tracing {
  /** Sends what is not sent yet, for three seconds at most. */
  stop(): Promise<void>;
}

const KINDS = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  internal: SpanKind.INTERNAL,
};

/** Begins to export the spans of a service by OTLP if the environment names an endpoint; else the SDK is not even loaded. */
export async function startTracing(service: string, env: NodeJS.ProcessEnv = process.env): Promise<Tracing> {
  const isWanted = ENDPOINTS.some((name) => env[name]) && env['OTEL_SDK_DISABLED']?.toLowerCase() !== 'true';
  if (!isWanted) return { stop: () => Promise.resolve() };
  const { NodeSDK } = await import('@opentelemetry/sdk-node');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const sdk = new NodeSDK({
    serviceName: `dspy-nest-${service}`,
    traceExporter: new OTLPTraceExporter(),
    // Contexts are handed on as arguments, and metrics and logs have ways of their own.
    textMapPropagator: null,
    metricReaders: [],
    logRecordProcessors: [],
  });
  sdk.start();
  tracer = trace.getTracer('dspy-nest');
  return { stop: () => stop(sdk) };
}

/** Whether spans are exported: where finding out what to say of one costs something. */
export function isTracing(): boolean {
  return tracer !== undefined;
}

/** Begins a span; undefined when none are exported. */
export function startSpan(name: string, { kind, parent, attributes }: SpanOptions): OpenSpan | undefined {
  if (tracer === undefined) return undefined;
  const above = parent === undefined ? null : parseTraceparent(parent);
  const context =
    above === null
      ? ROOT_CONTEXT
      : trace.setSpanContext(ROOT_CONTEXT, {
          traceId: above.traceId,
          spanId: above.spanId,
          traceFlags: Number.parseInt(above.flags, 16),
          isRemote: true,
        });
  return openSpan(tracer.startSpan(name, { kind: KINDS[kind], ...(attributes && { attributes }) }, context));
}

/** Does work in a span below the one of `ctx`, which the work gets as its own; rejects as the work does. */
export async function inSpan<Traced extends { readonly traceparent: string }, Result>(
  ctx: Traced,
  name: string,
  options: Omit<SpanOptions, 'parent'>,
  work: (ctx: Traced) => Promise<Result>,
): Promise<Result> {
  const span = startSpan(name, { ...options, parent: ctx.traceparent });
  if (span === undefined) return work(ctx);
  try {
    const result = await work({ ...ctx, traceparent: span.traceparent });
    span.end();
    return result;
  } catch (error) {
    span.end(error);
    throw error;
  }
}

function openSpan(span: Span): OpenSpan {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    traceparent: `00-${traceId}-${spanId}-${traceFlags & TraceFlags.SAMPLED ? '01' : '00'}`,
    end: (error) => {
      if (error !== undefined) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        span.setAttribute('error.type', kindOf(error));
      }
      span.end();
    },
    describe: (attributes, name) => {
      span.setAttributes(attributes);
      if (name !== undefined) span.updateName(name);
    },
  };
}

/** Of an error or its wire form; a message may quote what a caller sent. */
function kindOf(error: unknown): string {
  if (error instanceof AppError) return error.code;
  if (error instanceof Error) return error.name;
  const { code } = Object(error) as { code?: unknown };
  return typeof code === 'string' ? code : '_OTHER';
}

async function stop(sdk: { shutdown(): Promise<void> }): Promise<void> {
  tracer = undefined;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, FLUSH_MS)));
  // A collector that is away must not keep the process, nor make its end a failure.
  await Promise.race([sdk.shutdown().catch(() => undefined), late]);
  clearTimeout(timer);
}

import { inSpan, isTracing, type OpenSpan, type RequestContext, startSpan } from '@dspy-nest/platform';
import type { Msg } from '@nats-io/transport-node';

const TRACEPARENT = 'traceparent';
const REPLICA = /-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** What a request is called in a trace, by OpenTelemetry's conventions; the id of a replica would make every name another. */
function describe(subject: string): { name: string; attributes: Record<string, string> } {
  const [, , service = '', entity = '', verb = ''] = subject.split('.');
  const method = `${entity.replace(REPLICA, '')}.${verb}`;
  return {
    name: `${service}/${method}`,
    attributes: { 'rpc.system': 'nats', 'rpc.service': service, 'rpc.method': method },
  };
}

/** Asks in a span of the one who asks. */
export function requestSpan<T>(
  ctx: RequestContext,
  subject: string,
  ask: (ctx: RequestContext) => Promise<T>,
): Promise<T> {
  if (!isTracing()) return ask(ctx);
  const { name, attributes } = describe(subject);
  return inSpan(ctx, name, { kind: 'client', attributes }, ask);
}

/** Begins the span of the one who answers, which the context of the message then stands under; none when nothing is traced. */
export function handlingSpan(message: Msg): OpenSpan | undefined {
  const parent = isTracing() ? message.headers?.get(TRACEPARENT) : undefined;
  if (!parent) return undefined;
  const { name, attributes } = describe(message.subject);
  const span = startSpan(name, { kind: 'server', parent, attributes });
  if (span !== undefined) message.headers?.set(TRACEPARENT, span.traceparent);
  return span;
}

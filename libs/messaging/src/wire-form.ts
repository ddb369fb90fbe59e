import type { WireError } from '@dspy-nest/contracts';
import { newContext, receivedContext, toWireError, type RequestContext } from '@dspy-nest/platform';
import { headers, type MsgHdrs } from '@nats-io/transport-node';

const TENANT = 'dspy-tenant';
const TRACEPARENT = 'traceparent';
const DEADLINE_MS = 'dspy-deadline-ms';
const IDEMPOTENCY_KEY = 'dspy-idempotency-key';

/** The body of a reply. */
export type Reply = { ok: true; data: unknown } | { ok: false; error: WireError };

/** The headers that carry a context to the next process. */
export function contextHeaders(ctx: RequestContext): MsgHdrs {
  const hdrs = headers();
  hdrs.set(TENANT, ctx.tenant);
  hdrs.set(TRACEPARENT, ctx.traceparent);
  if (ctx.deadlineMs !== undefined) hdrs.set(DEADLINE_MS, String(ctx.deadlineMs));
  if (ctx.idempotencyKey !== undefined) hdrs.set(IDEMPOTENCY_KEY, ctx.idempotencyKey);
  return hdrs;
}

/** The context that came with a message; a new one when it came with none. */
export function contextFromHeaders(hdrs: MsgHdrs | undefined): RequestContext {
  if (hdrs === undefined) return newContext();
  const deadlineMs = Number(hdrs.get(DEADLINE_MS));
  const context = receivedContext(
    hdrs.get(TENANT) || undefined,
    hdrs.get(TRACEPARENT) || undefined,
    Number.isFinite(deadlineMs) && deadlineMs > 0 ? deadlineMs : undefined,
  );
  const idempotencyKey = hdrs.get(IDEMPOTENCY_KEY);
  return idempotencyKey === '' ? context : { ...context, idempotencyKey };
}

/** The text of a good reply. */
export function encodeData(data: unknown): string {
  return JSON.stringify({ ok: true, data: data ?? null } satisfies Reply);
}

/** The text of a bad reply; takes an error or its wire form. */
export function encodeError(error: unknown): string {
  return JSON.stringify({ ok: false, error: isWireError(error) ? error : toWireError(error) } satisfies Reply);
}

function isWireError(error: unknown): error is WireError {
  return (
    typeof error === 'object' && error !== null && !(error instanceof Error) && 'code' in error && 'retryable' in error
  );
}

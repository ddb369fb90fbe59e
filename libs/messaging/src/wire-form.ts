import { IDEMPOTENCY_KEY as KEY_FORM, tenantOf, type WireError } from '@dspy-nest/contracts';
import {
  newContext,
  receivedContext,
  toWireError,
  ValidationFailedError,
  type RequestContext,
} from '@dspy-nest/platform';
import { headers, type Msg, type MsgHdrs } from '@nats-io/transport-node';

const TENANT = 'dspy-tenant';
const TRACEPARENT = 'traceparent';
const DEADLINE_MS = 'dspy-deadline-ms';
const IDEMPOTENCY_KEY = 'dspy-idempotency-key';

/** The header of an empty message whose body was left in the payload store. */
export const PAYLOAD = 'dspy-payload';

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
export function contextFromHeaders(hdrs: MsgHdrs | undefined, tenant = hdrs?.get(TENANT) || undefined): RequestContext {
  if (hdrs === undefined) return newContext(tenant);
  const deadlineMs = Number(hdrs.get(DEADLINE_MS));
  const context = receivedContext(
    tenant,
    hdrs.get(TRACEPARENT) || undefined,
    Number.isFinite(deadlineMs) && deadlineMs > 0 ? deadlineMs : undefined,
  );
  const idempotencyKey = hdrs.get(IDEMPOTENCY_KEY);
  return idempotencyKey === '' ? context : { ...context, idempotencyKey };
}

/**
 * The context of a request from outside of the platform. Its tenant is that of the subject, which NATS grants, whatever the
 * headers say. Throws ValidationFailedError.
 */
export function publicContext(subject: string, hdrs: MsgHdrs | undefined): RequestContext {
  const context = contextFromHeaders(hdrs, tenantOf(subject) ?? '');
  if (context.idempotencyKey === undefined || KEY_FORM.test(context.idempotencyKey)) return context;
  const message = `The header ${IDEMPOTENCY_KEY} must have 1 to 255 visible ASCII characters and no white space. A new UUID for each thing you want done will do.`;
  throw new ValidationFailedError(message, [{ pointer: '', code: 'invalid_idempotency_key', message }]);
}

/** The reference to the body of a message, if that is not in the message. */
export function payloadOf({ data, headers: hdrs }: Pick<Msg, 'data' | 'headers'>): string | undefined {
  return data.length > 0 ? undefined : hdrs?.get(PAYLOAD) || undefined;
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

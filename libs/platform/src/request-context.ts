import { randomHex } from './ids';
import { ValidationFailedError } from './errors';

const TENANT = /^[a-z0-9-]{1,63}$/;
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;

/** The tenant while access control is off. */
export const DEFAULT_TENANT = 'default';

/** Whether a text can name a tenant. */
export function isTenant(text: string): boolean {
  return TENANT.test(text);
}

/** For whom, under which trace and until when work is done; handed on explicitly as the first argument. */
export interface RequestContext {
  readonly tenant: string;
  /** W3C trace context of this hop. */
  readonly traceparent: string;
  readonly traceId: string;
  /** Epoch milliseconds after which nobody waits for the answer. */
  readonly deadlineMs?: number;
  /** What the caller names a request by that it may send again. */
  readonly idempotencyKey?: string;
}

/** The parts of a W3C `traceparent`; null when it is none. */
export function parseTraceparent(text: string): { traceId: string; spanId: string; flags: string } | null {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(text) ?? [];
  return traceId === undefined || spanId === undefined || flags === undefined ? null : { traceId, spanId, flags };
}

/**
 * Starts or continues (W3C `traceparent`, with a new span id) a context; throws ValidationFailedError on an impossible tenant.
 * A trace that starts here says that nothing of it was recorded: who records spans starts one by {@link receivedContext}.
 */
export function newContext(tenant = DEFAULT_TENANT, traceparent?: string, deadlineMs?: number): RequestContext {
  const parent = traceparent === undefined ? null : parseTraceparent(traceparent);
  const traceId = parent?.traceId ?? randomHex(16);
  return contextOf(tenant, traceId, `00-${traceId}-${randomHex(8)}-${parent?.flags ?? '00'}`, deadlineMs);
}

/** The context that another process handed on, span id included; throws ValidationFailedError on an impossible tenant. */
export function receivedContext(
  tenant: string | undefined,
  traceparent: string | undefined,
  deadlineMs?: number,
): RequestContext {
  const parent = traceparent === undefined ? null : parseTraceparent(traceparent);
  if (parent === null) return newContext(tenant, undefined, deadlineMs);
  const { traceId, spanId, flags } = parent;
  return contextOf(tenant ?? DEFAULT_TENANT, traceId, `00-${traceId}-${spanId}-${flags}`, deadlineMs);
}

function contextOf(tenant: string, traceId: string, traceparent: string, deadlineMs?: number): RequestContext {
  if (!isTenant(tenant)) {
    const message = 'A tenant is 1 to 63 lower-case letters, digits and "-".';
    throw new ValidationFailedError(message, [{ pointer: '', code: 'invalid_tenant', message }]);
  }
  return deadlineMs === undefined ? { tenant, traceparent, traceId } : { tenant, traceparent, traceId, deadlineMs };
}

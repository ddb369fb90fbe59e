import { randomHex } from './ids';
import { ValidationFailedError } from './errors';

const TENANT = /^[a-z0-9-]{1,63}$/;
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(?:-.*)?$/;

/** The tenant while access control is off. */
export const DEFAULT_TENANT = 'default';

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

/** Starts or continues (W3C `traceparent`, with a new span id) a context; throws ValidationFailedError on an impossible tenant. */
export function newContext(tenant = DEFAULT_TENANT, traceparent?: string, deadlineMs?: number): RequestContext {
  if (!TENANT.test(tenant)) {
    const message = 'A tenant is 1 to 63 lower-case letters, digits and "-".';
    throw new ValidationFailedError(message, [{ pointer: '', code: 'invalid_tenant', message }]);
  }
  const parent = traceparent === undefined ? null : TRACEPARENT.exec(traceparent);
  const traceId = parent?.[1] ?? randomHex(16);
  const child = `00-${traceId}-${randomHex(8)}-${parent?.[2] ?? '01'}`;
  return deadlineMs === undefined
    ? { tenant, traceparent: child, traceId }
    : { tenant, traceparent: child, traceId, deadlineMs };
}

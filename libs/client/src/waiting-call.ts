import type { Call } from './http';
import { newIdempotencyKey } from './idempotency-key';

/** What is said of a call whose caller waits for an execution. */
interface Waiting {
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

// The platform answers by its own clocks; this only ends what hangs on the way.
const LONGEST_MS = 600_000;
const ANSWER_SLACK_MS = 15_000;

/** A request that is answered when an execution has ended. */
export function waitingCall(path: string, body: unknown, { idempotencyKey, signal, timeoutMs }: Waiting): Call {
  // With a key the platform would not end the execution when the caller hangs up.
  const key = idempotencyKey ?? (signal === undefined ? newIdempotencyKey() : undefined);
  return {
    method: 'POST',
    path,
    body,
    headers: { 'idempotency-key': key },
    repeatable: key !== undefined,
    timeoutMs: (timeoutMs ?? LONGEST_MS) + ANSWER_SLACK_MS,
    signal,
  };
}

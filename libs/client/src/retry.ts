import { ExecutionFailedError, type DspyNestError } from './errors';

/** How often and how fast what failed is tried again. */
export interface RetryOptions {
  /** All attempts, the first included; 1 tries nothing again. */
  maxAttempts?: number;
  /** The longest wait before the second attempt; it doubles from one attempt to the next. */
  baseDelayMs?: number;
  /** The longest wait; a `Retry-After` beyond it is not waited for, but thrown. */
  maxDelayMs?: number;
  /** How long a stream whose connection broke is tried to connect again. */
  reconnectForMs?: number;
}

/** What was said, and the rest. */
export function retrySettings({
  maxAttempts = 4,
  baseDelayMs = 250,
  maxDelayMs = 30_000,
  reconnectForMs = 60_000,
}: RetryOptions = {}): Readonly<Required<RetryOptions>> {
  return { maxAttempts, baseDelayMs, maxDelayMs, reconnectForMs };
}

const IN_FLIGHT = 'idempotency_key_in_flight';

/** Whether an attempt counts; that the first one is still at work is no failure, and it ends by its own clock. */
export const isCounted = ({ code }: DspyNestError): boolean => code !== IN_FLIGHT;

/**
 * How long to wait before the next attempt, after `failures` that counted; undefined when there shall be none. `repeatable`
 * says that asking twice does once.
 */
export function retryDelayMs(
  error: DspyNestError,
  failures: number,
  repeatable: boolean,
  { maxAttempts, baseDelayMs, maxDelayMs }: Readonly<Required<Omit<RetryOptions, 'reconnectForMs'>>>,
  random: () => number,
): number | undefined {
  if (!isTriedAgain(error, repeatable) || failures >= maxAttempts) return undefined;
  const { retryAfterMs = 0 } = error;
  if (retryAfterMs > maxDelayMs) return undefined;
  // Clients that failed together shall not come back together.
  const jitterMs = random() * Math.min(maxDelayMs, baseDelayMs * 2 ** Math.max(0, failures - 1));
  return retryAfterMs + jitterMs;
}

function isTriedAgain(error: DspyNestError, repeatable: boolean): boolean {
  // An outcome is final: the same key would answer it again, and the platform has spent the retries of the execution.
  if (!error.retryable || error instanceof ExecutionFailedError) return false;
  return repeatable || error.code === 'no_worker' || error.status === 429;
}

import { setTimeout as pause } from 'node:timers/promises';

const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 100;
const TIMEOUT_MS = 10_000;

/**
 * Calls `probe` until it does not throw, and gives what it gave; after `timeoutMs` (10 s by default) throws an error whose
 * cause is what the probe threw last.
 */
export async function eventually<T>(probe: () => Promise<T> | T, options: { timeoutMs?: number } = {}): Promise<T> {
  const { timeoutMs = TIMEOUT_MS } = options;
  const deadline = performance.now() + timeoutMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await probe();
    } catch (cause) {
      if (performance.now() >= deadline) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new Error(`Not so within ${timeoutMs} ms: ${reason}`, { cause });
      }
    }
    await pause(pauseMs);
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@dspy-nest/platform';

const PATIENCE_MS = 60_000;
const PAUSE_MS = 250;

/** Asks again for a minute while the answer is that it may succeed later: what is streamed cannot be begun anew for one lost request. */
export async function withPatience<T>(ask: () => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  const endMs = performance.now() + patienceMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof AppError) || !error.retryable || performance.now() > endMs) throw error;
    }
    await pause(PAUSE_MS);
  }
}

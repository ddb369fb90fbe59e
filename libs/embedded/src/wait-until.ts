import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks `condition` again and again until it answers true; false when `timeoutMs` passed first. A condition that throws
 * counts as not met: a server that is just coming up refuses connections.
 */
export async function waitUntil(
  condition: () => Promise<boolean> | boolean,
  { timeoutMs, intervalMs = 25 }: { timeoutMs: number; intervalMs?: number },
): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (true) {
    if (await isMet(condition)) return true;
    if (Date.now() >= deadline) return false;
    await pause(intervalMs);
  }
}

async function isMet(condition: () => Promise<boolean> | boolean): Promise<boolean> {
  try {
    return await condition();
  } catch {
    return false;
  }
}

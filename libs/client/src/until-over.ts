import { isBatchOver } from './batch';
import type { WaitOptions } from './executions';
import { pause } from './pause';

/** How to wait for what takes minutes. */
export interface ProgressOptions<T> extends WaitOptions {
  /** Called at each look, with what is waited for as it stands. */
  onProgress?: (now: T) => void;
}

const FIRST_LOOK_MS = 200;
const LAST_LOOK_MS = 2_000;

/** Looks until what is waited for is completed, cancelled or failed, at first often, and gives its last state. */
export async function untilOver<T extends { status: string }>(
  look: () => Promise<T>,
  { onProgress = () => undefined, signal }: ProgressOptions<T>,
): Promise<T> {
  for (let lookMs = FIRST_LOOK_MS; ; lookMs = Math.min(LAST_LOOK_MS, lookMs * 1.5)) {
    const now = await look();
    onProgress(now);
    if (isBatchOver(now.status)) return now;
    await pause(lookMs, signal);
  }
}

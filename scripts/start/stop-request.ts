const PARENT_CHECK_MS = 500;
// Ctrl-C reaches the whole group of processes and npm passes it on as well, so the same wish arrives several times.
const SAME_WISH_MS = 1_000;

/** Why the suite is to end. */
export type StopReason = 'signal' | 'parent-gone';

/** The one owner of signals: waits for the first wish to stop, and forces the end at a second one. */
export function untilStopRequested(force: () => void): Promise<StopReason> {
  return new Promise((resolve) => {
    let firstAtMs: number | undefined;
    const onSignal = () => {
      firstAtMs ??= Date.now();
      if (Date.now() - firstAtMs > SAME_WISH_MS) force();
      resolve('signal');
    };
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, onSignal);
    const parent = process.ppid;
    const timer = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(timer);
      resolve('parent-gone');
    }, PARENT_CHECK_MS).unref();
  });
}

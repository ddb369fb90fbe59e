import type { Logger } from './logging';

const PARENT_POLL_MS = 500;
const GRACE_MS_DEFAULT = 10_000;
/** Read when the module loads, so that a parent lost while the app starts is noticed too. */
const parentPid = process.ppid;

/** Closes the app on SIGTERM, SIGINT or the death of the parent process, then exits: 0, or 1 when closing fails or lasts longer than `graceMs`. */
export function runUntilSignal(
  app: { close(): Promise<void> },
  logger: Logger,
  { graceMs = GRACE_MS_DEFAULT }: { graceMs?: number } = {},
): void {
  let stopping = false;
  const stop = (reason: string, exitCode: number): void => {
    if (stopping) return;
    stopping = true;
    logger.info({ reason }, 'Stopping.');
    setTimeout(() => {
      logger.error({ graceMs }, 'Stopping took too long; exiting without the rest.');
      process.exit(1);
    }, graceMs).unref();
    app.close().then(
      () => process.exit(exitCode),
      (err: unknown) => {
        logger.error({ err }, 'Stopping failed.');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => stop('SIGTERM', 0));
  process.on('SIGINT', () => stop('SIGINT', 0));
  process.on('uncaughtException', (err) => {
    logger.fatal({ err }, 'Nobody handled this error.');
    stop('uncaught exception', 1);
  });
  setInterval(() => {
    if (process.ppid !== parentPid) stop('the parent process ended', 0);
  }, PARENT_POLL_MS).unref();
}

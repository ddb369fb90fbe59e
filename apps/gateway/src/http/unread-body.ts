import type { IncomingMessage } from 'node:http';

const SWALLOW_MAX_BYTES = 33_554_432;
const SWALLOW_TIMEOUT_MS = 5_000;

/**
 * Reads the rest of a refused body and drops it, as far as 32 MiB and 5 s go. An answer that is sent while the client
 * still writes is lost to most clients: they see a broken connection and never the reason.
 */
export async function swallowBody(
  request: IncomingMessage,
  { maxBytes = SWALLOW_MAX_BYTES, timeoutMs = SWALLOW_TIMEOUT_MS } = {},
): Promise<void> {
  if (request.readableEnded || request.destroyed) return;
  let leftBytes = maxBytes;
  await new Promise<void>((resolve) => {
    const stop = (): void => {
      clearTimeout(timer);
      request.off('data', count).off('end', stop).off('close', stop).off('error', stop);
      resolve();
    };
    const count = (chunk: Buffer): void => {
      leftBytes -= chunk.length;
      if (leftBytes < 0) stop();
    };
    const timer = setTimeout(stop, timeoutMs);
    request.on('data', count).on('end', stop).on('close', stop).on('error', stop).resume();
  });
}

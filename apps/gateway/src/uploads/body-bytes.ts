import type { Readable } from 'node:stream';
import { MalformedRequestError, PayloadTooLargeError } from '../http/http.errors';

const IDLE_MS = 30_000;

/** How much of a body is taken, and how long nothing may come of it. */
interface BodyLimits {
  readonly maxBytes: number;
  readonly idleMs?: number;
}

/**
 * The bytes of a body as they come, at the pace of the reader. Throws PayloadTooLargeError past `maxBytes`, and
 * MalformedRequestError when the client hangs up or nothing comes any more. The stream is left open, so that an answer can be sent.
 */
export async function* bodyBytes(body: Readable, { maxBytes, idleMs = IDLE_MS }: BodyLimits): AsyncGenerator<Buffer> {
  const chunks = body.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer, undefined>;
  let left = maxBytes;
  for (;;) {
    const { value } = await nextOf(chunks, idleMs);
    if (value === undefined) return;
    left -= value.length;
    if (left < 0) {
      throw new PayloadTooLargeError(
        `The body has more than ${maxBytes} bytes, the most one upload takes. Send it in parts.`,
      );
    }
    yield value;
  }
}

async function nextOf<T>(chunks: AsyncIterator<T, undefined>, idleMs: number): Promise<IteratorResult<T, undefined>> {
  let timer: NodeJS.Timeout | undefined;
  const stall = new Promise<never>((_, reject) => {
    const message = `Nothing of the body came for ${idleMs / 1_000} s. Send the rows again, without such a pause.`;
    timer = setTimeout(() => reject(new MalformedRequestError(message)), idleMs);
  });
  try {
    const next = chunks.next().catch((cause: unknown) => {
      throw new MalformedRequestError(
        'The body did not come whole: the connection was lost. Send the rows again.',
        [],
        { cause },
      );
    });
    return await Promise.race([next, stall]);
  } finally {
    clearTimeout(timer);
  }
}

import { ConflictError, ConnectionError, NotFoundError, UnavailableError, UnexpectedAnswerError } from './errors';
import { follow, Outage } from './follow';
import { Http } from './http';
import { retrySettings } from './retry';

const RETRY = { maxAttempts: 3, baseDelayMs: 1, maxDelayMs: 50, reconnectForMs: 60_000 };
const event = (id: number): string => `id: ${id}\nevent: moved\ndata: ${id}\n\n`;
const problem = (status: number, code: string, more: object = {}): Response =>
  new Response(JSON.stringify({ code, detail: code, ...more }), { status });
const stream = (...pieces: string[]): Response => {
  const bytes = pieces.map((piece) => new TextEncoder().encode(piece));
  return new Response(new Blob(bytes).stream(), { headers: { 'content-type': 'text/event-stream' } });
};

/** A platform that answers each connection with the next of these, and then as it did last. */
function platform(...answers: ((signal: AbortSignal) => Response)[]): { http: Http; asked: (string | null)[] } {
  const asked: (string | null)[] = [];
  const fetch = (_: unknown, init?: RequestInit): Promise<Response> => {
    const answer = answers[Math.min(asked.length, answers.length - 1)];
    asked.push(new Headers(init?.headers).get('last-event-id'));
    // Of a new microtask, as all that comes by a network: what throws is a connection that fails.
    return Promise.resolve().then(() => answer!(init!.signal!));
  };
  return { http: new Http({ url: 'http://a', headers: {}, requestTimeoutMs: 1_000, retry: RETRY, fetch }), asked };
}

async function idsOf(http: Http, after?: number, atMost = Infinity): Promise<number[]> {
  const ids: number[] = [];
  for await (const { id } of follow(http, '/events', after === undefined ? {} : { after })) {
    if (ids.push(id) >= atMost) break;
  }
  return ids;
}
const silent = (signal: AbortSignal): Response => {
  const start = (controller: ReadableStreamDefaultController): void =>
    signal.addEventListener('abort', () => controller.error(signal.reason));
  return new Response(new ReadableStream({ start }), { headers: { 'content-type': 'text/event-stream' } });
};
const over = (): Response => new Response(null, { status: 204 });
const broken = (): never => {
  throw new TypeError('fetch failed');
};

describe('follow', () => {
  it('goes on after the last event where a connection ends, and ends when told that no more will come', async () => {
    const { http, asked } = platform(
      () => stream(event(4), event(5)),
      broken,
      () => stream(event(6)),
      over,
    );
    expect(await idsOf(http, 3)).toEqual([4, 5, 6]);
    expect(asked).toEqual(['3', '5', '5', '6']);
  });

  it('goes on after the number that it was told without an event', async () => {
    const { http, asked } = platform(
      () => stream('retry: 2000\n\n', 'id: 7\n\n'),
      () => stream(event(8)),
      over,
    );
    expect(await idsOf(http)).toEqual([8]);
    expect(asked).toEqual([null, '7', '8']);
  });

  it('begins where the platform does when it is not told where', async () => {
    const { http, asked } = platform(over);
    expect(await idsOf(http)).toEqual([]);
    expect(asked).toEqual([null]);
  });

  it('connects again when the platform has been silent for too long', async () => {
    jest.useFakeTimers();
    try {
      const { http, asked } = platform(silent, over);
      const ids = idsOf(http, 3);
      await jest.advanceTimersByTimeAsync(44_000);
      expect(asked).toEqual(['3']);
      await jest.advanceTimersByTimeAsync(2_000);
      expect([await ids, asked]).toEqual([[], ['3', '3']]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('takes no more when its reader leaves', async () => {
    const { http, asked } = platform(() => stream(event(1), event(2)));
    expect(await idsOf(http, 0, 1)).toEqual([1]);
    expect(asked).toHaveLength(1);
  });

  it('tells at once what will not go away', async () => {
    const gone = platform(() => problem(404, 'execution_not_found'));
    await expect(idsOf(gone.http)).rejects.toThrow(NotFoundError);
    const other = platform(() => new Response('<html>'));
    await expect(idsOf(other.http)).rejects.toThrow(UnexpectedAnswerError);
    expect([gone.asked.length, other.asked.length]).toEqual([1, 1]);
  });

  it('gives up what never worked after all attempts, also when each begins well', async () => {
    const never = platform(broken);
    await expect(idsOf(never.http)).rejects.toThrow(ConnectionError);
    const atOnce = platform(() => stream('retry: 2000\n\n'));
    await expect(idsOf(atOnce.http)).rejects.toThrow('ended the stream early');
    expect([never.asked.length, atOnce.asked.length]).toEqual([3, 3]);
  });
});

describe('Outage', () => {
  const failed = new ConnectionError('failed', { code: 'connection_failed', retryable: true });
  const waits = (outage: Outage, nowMs: number, error: Error = failed): number => outage.delayMs(error, nowMs, () => 1);

  it('waits longer each time, and is given up when it has lasted too long', () => {
    const outage = new Outage(retrySettings());
    outage.end();
    expect([0, 500, 1_000, 2_000, 4_000].map((nowMs) => waits(outage, nowMs))).toEqual([250, 500, 1_000, 2_000, 4_000]);
    expect(() => waits(outage, 59_000)).toThrow(failed);
  });

  it('begins anew after what worked', () => {
    const outage = new Outage(retrySettings());
    outage.end();
    waits(outage, 0);
    outage.end();
    expect(waits(outage, 100_000)).toBe(250);
  });

  it('waits as long as it is asked to', () => {
    const facts = { code: 'service_unavailable', retryable: true, status: 503, retryAfterMs: 5_000 };
    expect(waits(new Outage(retrySettings()), 0, new UnavailableError('full', facts))).toBe(5_250);
  });

  it('does not count that what it asked for is still at work', () => {
    const outage = new Outage(retrySettings());
    const facts = { code: 'idempotency_key_in_flight', retryable: true, status: 409 };
    for (let nowMs = 0; nowMs < 100_000; nowMs += 1_000) waits(outage, nowMs, new ConflictError('at work', facts));
    expect(waits(outage, 100_000)).toBe(250);
  });

  it('passes on what is no error of the platform', () => {
    const reason = new Error('changed my mind');
    expect(() => waits(new Outage(retrySettings()), 0, reason)).toThrow(reason);
  });
});

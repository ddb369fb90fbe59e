import { DspyNestError } from './errors';
import type { Call, Http } from './http';
import { pause } from './pause';
import { isCounted, retryDelayMs, type RetryOptions } from './retry';
import type { ServerEvent } from './server-events';

/** Where to begin, and when to end. */
export interface FollowOptions {
  /** Leaves out events up to this number. */
  after?: number;
  /** Ends with its reason. */
  signal?: AbortSignal;
}

/** A request for the events of a path after one of them. */
export function eventsCall(path: string, after: number | undefined, signal: AbortSignal | undefined): Call {
  const headers = { accept: 'text/event-stream', 'last-event-id': after?.toString() };
  return { method: 'GET', path, headers, repeatable: true, signal };
}

/** Gives the events of a path, as `followCalls` does. */
export function follow(http: Http, path: string, { after, signal }: FollowOptions): AsyncGenerator<ServerEvent, void> {
  return followCalls(http, (last) => http.listen(eventsCall(path, last, signal)), { after, signal });
}

/**
 * Gives the events of a connection after another, each opened by `listen` after the last event. Ends when the platform says that
 * no event will come; throws a DspyNestError when it does not come back, or the reason of the signal.
 */
export async function* followCalls(
  http: Http,
  listen: (after: number | undefined) => AsyncIterable<ServerEvent[]>,
  { after, signal }: FollowOptions,
): AsyncGenerator<ServerEvent, void> {
  const outage = new Outage(http.retry);
  for (let last = after; ;) {
    try {
      for await (const events of listen(last)) {
        outage.end();
        last = events.at(-1)?.id ?? last;
        yield* events.filter(({ data }) => data !== undefined);
      }
      return;
    } catch (error) {
      await pause(outage.delayMs(error, performance.now(), Math.random), signal);
    }
  }
}

/** The time in which a stream has no connection that works. */
export class Outage {
  readonly #retry: Readonly<Required<RetryOptions>>;
  #hasWorked = false;
  #failures = 0;
  #beganAtMs = 0;

  constructor(retry: Readonly<Required<RetryOptions>>) {
    this.#retry = retry;
  }

  end(): void {
    this.#hasWorked = true;
    this.#failures = 0;
  }

  /** How long to wait before the next connection; throws the error when there shall be none. */
  delayMs(error: unknown, nowMs: number, random: () => number): number {
    if (!(error instanceof DspyNestError)) throw error;
    if (this.#failures === 0) this.#beganAtMs = nowMs;
    if (isCounted(error)) this.#failures += 1;
    // What never worked may be a wrong address: that is told soon.
    const maxAttempts = this.#hasWorked ? Infinity : this.#retry.maxAttempts;
    const waitMs = retryDelayMs(error, this.#failures, true, { ...this.#retry, maxAttempts }, random);
    const lastAtMs = this.#beganAtMs + this.#retry.reconnectForMs;
    if (waitMs === undefined || nowMs + waitMs > lastAtMs) throw error;
    return waitMs;
  }
}

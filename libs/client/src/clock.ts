import { ConnectionError, RequestTimeoutError } from './errors';

/** Bounds the steps of one request in time, and ends the request with a step that is late. */
export class Clock {
  /** For the request: aborted by the caller, by a late step, or by `stop`. */
  readonly signal: AbortSignal;
  readonly #url: string;
  readonly #caller: AbortSignal | undefined;
  readonly #request = new AbortController();

  /** Throws the reason of the caller's signal when that is aborted already. */
  constructor(url: string, caller: AbortSignal | undefined) {
    caller?.throwIfAborted();
    this.#url = url;
    this.#caller = caller;
    this.signal = caller === undefined ? this.#request.signal : AbortSignal.any([caller, this.#request.signal]);
  }

  /** Waits for a step; rejects with RequestTimeoutError, ConnectionError, or the reason of the caller's signal. */
  async within<T>(timeoutMs: number, step: Promise<T>): Promise<T> {
    const overdue = setTimeout(() => this.stop(), timeoutMs);
    try {
      return await step;
    } catch (cause) {
      // Whoever gave the signal knows its reason.
      this.#caller?.throwIfAborted();
      throw this.signal.aborted ? overdueError(this.#url, timeoutMs, cause) : connectionError(this.#url, cause);
    } finally {
      clearTimeout(overdue);
    }
  }

  /** Ends the request, if it has not ended. */
  stop(): void {
    this.#request.abort();
  }
}

function overdueError(url: string, timeoutMs: number, cause: unknown): RequestTimeoutError {
  const message = `${url} said nothing for ${timeoutMs} ms. Look at /readyz of the platform, or give the request more time.`;
  return new RequestTimeoutError(message, { code: 'request_timeout', retryable: true, cause });
}

function connectionError(url: string, error: unknown): ConnectionError {
  const { message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  const reason = cause?.code ?? cause?.message ?? message;
  const text = `${url} cannot be reached (${reason}). Check that DSPy-Nest runs there, and the url of the client.`;
  return new ConnectionError(text, { code: 'connection_failed', retryable: true, cause: error });
}

import { Clock } from './clock';
import { ConnectionError, DspyNestError, UnexpectedAnswerError } from './errors';
import { pause } from './pause';
import { errorOf, parseObject } from './problem';
import { isCounted, retryDelayMs, type RetryOptions } from './retry';
import { ServerEventParser, type ServerEvent } from './server-events';

/** One request, and what is known of it. */
export interface Call {
  readonly method: 'GET' | 'POST';
  /** Below the address of the platform, with its query. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Asking twice does once. */
  readonly repeatable: boolean;
  /** For one attempt. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Where and how to ask. */
export interface HttpSettings {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly requestTimeoutMs: number;
  readonly retry: Readonly<Required<RetryOptions>>;
  readonly fetch: typeof fetch;
}

// The platform says every 15 s that a stream lives.
const SILENCE_MS = 45_000;

/** Asks the platform by JSON, and asks again where that is harmless and may help. */
export class Http {
  readonly retry: HttpSettings['retry'];
  readonly #settings: HttpSettings;

  constructor(settings: HttpSettings) {
    this.retry = settings.retry;
    this.#settings = settings;
  }

  /** Resolves to the body of the answer; rejects with a DspyNestError, or with the reason of the signal. */
  async send<T>(call: Call): Promise<T> {
    const { timeoutMs = this.#settings.requestTimeoutMs } = call;
    const overdueAtMs = performance.now() + timeoutMs;
    for (let failures = 0; ;) {
      try {
        return (await this.#attempt(call, timeoutMs)) as T;
      } catch (error) {
        if (!(error instanceof DspyNestError)) throw error;
        if (isCounted(error) || performance.now() > overdueAtMs) failures += 1;
        const waitMs = retryDelayMs(error, failures, call.repeatable, this.retry, Math.random);
        if (waitMs === undefined) throw error;
        await pause(waitMs, call.signal);
      }
    }
  }

  /**
   * The events of one connection, in the pieces they come in, where an empty one is a sign of life. Ends when the platform says
   * that no event will come; throws a DspyNestError when the connection ends otherwise, or the reason of the signal.
   */
  async *listen(
    path: string,
    after: number | undefined,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<ServerEvent[], void> {
    const { url, requestTimeoutMs } = this.#settings;
    const headers = { accept: 'text/event-stream', 'last-event-id': after?.toString() };
    const clock = new Clock(`${url}${path}`, signal);
    try {
      const answered = this.#ask({ method: 'GET', path, headers, repeatable: true }, clock);
      const response = await clock.within(requestTimeoutMs, answered);
      if (response.status === 204) return;
      if (!response.ok) throw errorOf(response, await clock.within(requestTimeoutMs, response.text()), Date.now());
      yield* readEvents(response, clock);
    } finally {
      clock.stop();
    }
  }

  async #attempt(call: Call, timeoutMs: number): Promise<object> {
    const clock = new Clock(`${this.#settings.url}${call.path}`, call.signal);
    const exchange = this.#ask(call, clock).then(async (response) => ({ response, text: await response.text() }));
    const { response, text } = await clock.within(timeoutMs, exchange);
    if (!response.ok) throw errorOf(response, text, Date.now());
    const body = parseObject(text);
    if (body === undefined) throw foreignAnswer(response, 'a JSON object');
    return body;
  }

  #ask({ method, path, body, headers = {} }: Call, { signal }: Clock): Promise<Response> {
    const all = new Headers({ accept: 'application/json', ...this.#settings.headers });
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) all.set(name, value);
    if (body !== undefined) all.set('content-type', 'application/json');
    const message = { method, headers: all, signal, ...(body !== undefined && { body: JSON.stringify(body) }) };
    return this.#settings.fetch(`${this.#settings.url}${path}`, message);
  }
}

async function* readEvents(response: Response, clock: Clock): AsyncGenerator<ServerEvent[], void> {
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (response.body === null || !isStream) throw foreignAnswer(response, 'events');
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  const parser = new ServerEventParser();
  for (let isFirst = true; ; isFirst = false) {
    const { done, value } = await clock.within(SILENCE_MS, reader.read());
    if (done) break;
    const events = parser.push(decoder.decode(value, { stream: true }));
    // The first piece says that a connection is there: one that breaks at once shall not count as working.
    if (!isFirst || events.length > 0) yield events;
  }
  const message = `${response.url} ended the stream early. Ask again after the last event.`;
  throw new ConnectionError(message, { code: 'connection_failed', retryable: true });
}

function foreignAnswer({ url, status }: Response, expected: string): UnexpectedAnswerError {
  const message = `${url} answered ${status} without ${expected}: another program answers there. Check the url of the client, and proxies on the way.`;
  return new UnexpectedAnswerError(message, { code: 'unexpected_answer', retryable: false, status });
}

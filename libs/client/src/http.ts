import { Clock } from './clock';
import { ConnectionError, DspyNestError, UnexpectedAnswerError } from './errors';
import { LineBuffer } from './lines';
import { pause } from './pause';
import { errorOf, parseObject } from './problem';
import { isCounted, retryDelayMs, type RetryOptions } from './retry';
import { ServerEventParser, type ServerEvent } from './server-events';

/** One request, and what is known of it. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below the address of the platform, with its query. */
  readonly path: string;
  readonly body?: unknown;
  /** Instead of a body: rows as lines of JSON, or what the header `content-type` says. A stream is sent once. */
  readonly rows?: Blob | ReadableStream<Uint8Array>;
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

/** The body of an answer, and the rest of it. */
interface Answer {
  readonly body: object;
  readonly response: Response;
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
    return (await this.#repeat(call)).body as T;
  }

  /** As `send`, with the `ETag` of the answer as a member more. */
  async sendForTag<T>(call: Call): Promise<T & { etag: string }> {
    const { body, response } = await this.#repeat(call);
    const etag = response.headers.get('etag');
    if (etag === null) throw foreignAnswer(response, 'an ETag');
    return { ...(body as T), etag };
  }

  /**
   * The events of one connection, in the pieces they come in, where an empty one is a sign of life. Ends when the platform says
   * that no event will come; throws a DspyNestError when the connection ends otherwise, or the reason of the signal.
   */
  async *listen(
    call: Call,
    onOpen: (response: Response) => void = () => undefined,
  ): AsyncGenerator<ServerEvent[], void> {
    const clock = new Clock(`${this.#settings.url}${call.path}`, call.signal);
    try {
      const response = await this.#open(call, clock);
      if (response.status === 204) return;
      onOpen(response);
      const parser = new ServerEventParser();
      let isFirst = true;
      for await (const text of readTexts(response, 'text/event-stream', clock)) {
        const events = parser.push(text);
        // The first piece says that a connection is there: one that breaks at once shall not count as working.
        if (!isFirst || events.length > 0) yield events;
        isFirst = false;
      }
      const message = `${response.url} ended the stream early. Ask again after the last event.`;
      throw new ConnectionError(message, { code: 'connection_failed', retryable: true });
    } finally {
      clock.stop();
    }
  }

  /** What the lines of an answer are in JSON, in the pieces they come in; throws a DspyNestError, or the reason of the signal. */
  async *rows<T>(call: Call, onOpen: (response: Response) => void): AsyncGenerator<T[], void> {
    const clock = new Clock(`${this.#settings.url}${call.path}`, call.signal);
    try {
      const response = await this.#open(call, clock);
      onOpen(response);
      const lines = new LineBuffer();
      for await (const text of readTexts(response, 'application/x-ndjson', clock))
        yield lines.push(text).map((line) => (parseObject(line) ?? refuse(response)) as T);
    } finally {
      clock.stop();
    }
  }

  async #repeat(call: Call): Promise<Answer> {
    const { timeoutMs = this.#settings.requestTimeoutMs } = call;
    const overdueAtMs = performance.now() + timeoutMs;
    for (let failures = 0; ;) {
      try {
        return await this.#attempt(call, timeoutMs);
      } catch (error) {
        if (!(error instanceof DspyNestError) || call.rows instanceof ReadableStream) throw error;
        if (isCounted(error) || performance.now() > overdueAtMs) failures += 1;
        const waitMs = retryDelayMs(error, failures, call.repeatable, this.retry, Math.random);
        if (waitMs === undefined) throw error;
        await pause(waitMs, call.signal);
      }
    }
  }

  async #open(call: Call, clock: Clock): Promise<Response> {
    const { requestTimeoutMs } = this.#settings;
    const response = await clock.within(requestTimeoutMs, this.#ask(call, clock));
    if (response.ok) return response;
    throw errorOf(response, await clock.within(requestTimeoutMs, response.text()), Date.now());
  }

  async #attempt(call: Call, timeoutMs: number): Promise<Answer> {
    const clock = new Clock(`${this.#settings.url}${call.path}`, call.signal);
    const exchange = this.#ask(call, clock).then(async (response) => ({ response, text: await response.text() }));
    const { response, text } = await clock.within(timeoutMs, exchange);
    if (!response.ok) throw errorOf(response, text, Date.now());
    const body = parseObject(text);
    if (body === undefined) throw foreignAnswer(response, 'a JSON object');
    return { body, response };
  }

  #ask({ method, path, body, rows, headers = {} }: Call, { signal }: Clock): Promise<Response> {
    const all = new Headers({ accept: 'application/json', ...this.#settings.headers });
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) all.set(name, value);
    const content = rows ?? (body === undefined ? undefined : JSON.stringify(body));
    if (content !== undefined && headers['content-type'] === undefined)
      all.set('content-type', rows === undefined ? 'application/json' : 'application/x-ndjson');
    // A body that is a stream needs `duplex`, which has no effect on others.
    const message = {
      method,
      headers: all,
      signal,
      ...(content !== undefined && { body: content, duplex: 'half' as const }),
    };
    return this.#settings.fetch(`${this.#settings.url}${path}`, message);
  }
}

async function* readTexts(response: Response, type: string, clock: Clock): AsyncGenerator<string, void> {
  const isIt = response.headers.get('content-type')?.startsWith(type) === true;
  if (response.body === null || !isIt) throw foreignAnswer(response, type);
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await clock.within(SILENCE_MS, reader.read());
    if (done) return;
    yield decoder.decode(value, { stream: true });
  }
}

function refuse(response: Response): never {
  throw foreignAnswer(response, 'an object of JSON a line');
}

/** The error of an answer that lacks what every answer of the platform has. */
export function foreignAnswer({ url, status }: Response, expected: string): UnexpectedAnswerError {
  const message = `${url} answered ${status} without ${expected}: another program answers there. Check the url of the client, and proxies on the way.`;
  return new UnexpectedAnswerError(message, { code: 'unexpected_answer', retryable: false, status });
}

import { lookup as lookUp } from 'node:dns';
import * as http from 'node:http';
import * as https from 'node:https';
import { StringDecoder } from 'node:string_decoder';
import { type BlockList, isIP, type LookupFunction } from 'node:net';
import type { CallLimits } from '@dspy-nest/contracts';
import { refusedAs } from '@dspy-nest/platform';
import { ModelCallError, refusalError } from './model-call-error';
import { type ModelEndpoint, withoutKey } from './model-endpoint';

const ANSWER_MAX_BYTES = 16 * 1_048_576;
// Servers close idle connections after five seconds and more; one that is about to be closed must not be used again.
const IDLE_MS = 4_000;
const IDLE_CONNECTIONS = 128;
const EVENT_STREAM = 'text/event-stream';

const CLOCKS = {
  connectMs: 'the connection did not stand',
  firstTokenMs: 'no first token came',
  idleMs: 'no further token came',
  attemptMs: 'the answer was not complete',
} as const satisfies Record<keyof CallLimits, string>;

/** One request to a model server. */
export interface ModelPost {
  readonly endpoint: ModelEndpoint;
  readonly traceparent: string;
  readonly body: string;
  /** Takes server-sent events as they come, which then are not in the answer; says whether they brought more of it. */
  readonly onEvents?: (text: string) => boolean;
  readonly limits: CallLimits;
  readonly signal: AbortSignal;
}

/** The body of an answer, undefined where it was handed to `onEvents`, and when its first byte came, of `performance.now()`. */
export interface ModelAnswer {
  readonly text: string | undefined;
  readonly firstByteAt: number;
}

class AddressRefused extends Error {
  constructor(readonly kind: string) {
    super(`its address is ${kind}`);
  }
}

/** Sends requests to model servers over connections that are kept. */
export class ModelHttp {
  private readonly agents: Record<'open' | 'guarded', { http: http.Agent; https: https.Agent }>;

  constructor(private readonly allowed: BlockList) {
    this.agents = { open: agents(), guarded: agents(guardedLookup(allowed)) };
  }

  /**
   * Resolves to an answer with status 200. Rejects with ModelCallError, or with the reason of `signal` once that aborts.
   */
  async post(post: ModelPost): Promise<ModelAnswer> {
    const { url, trusted } = post.endpoint;
    const kind = trusted ? null : this.refusalOf(url);
    if (kind !== null) throw addressError(url.host, kind);
    for (;;) {
      const exchange = new Exchange(post, this.agents[trusted ? 'open' : 'guarded']);
      try {
        return await exchange.answer;
      } catch (error) {
        // A kept connection may be closed by the server at the very moment it is used again: nothing was answered then.
        if (!exchange.wasStale(error)) throw toCallError(error, post);
      }
    }
  }

  /** Why a URL with an address in the place of a name must not be called; null when it may be, or has a name to look up. */
  private refusalOf({ hostname }: URL): string | null {
    const host = hostname.replace(/^\[(.*)\]$/, '$1');
    return isIP(host) === 0 ? null : refusedAs(host, this.allowed);
  }

  close(): void {
    for (const pair of Object.values(this.agents)) {
      pair.http.destroy();
      pair.https.destroy();
    }
  }
}

/** One request and its answer, under the clocks of a model call. */
class Exchange {
  readonly answer: Promise<ModelAnswer>;
  private readonly request: http.ClientRequest;
  private clock: NodeJS.Timeout | undefined;
  private hasAnswered = false;

  constructor(
    private readonly post: ModelPost,
    agent: { http: http.Agent; https: https.Agent },
  ) {
    const { url, address } = post.endpoint;
    const isSecure = url.protocol === 'https:';
    this.request = (isSecure ? https : http).request({
      ...address,
      method: 'POST',
      agent: isSecure ? agent.https : agent.http,
      headers: headersOf(post),
    });
    this.answer = this.exchange(isSecure ? 'secureConnect' : 'connect');
  }

  wasStale(error: unknown): boolean {
    if (!this.request.reusedSocket || this.hasAnswered || this.post.signal.aborted) return false;
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ECONNRESET' || code === 'EPIPE';
  }

  private async exchange(connected: string): Promise<ModelAnswer> {
    const abort = (): void => void this.request.destroy(this.post.signal.reason as Error);
    const attempt = setTimeout(() => this.expire('attemptMs'), this.post.limits.attemptMs);
    this.post.signal.addEventListener('abort', abort);
    try {
      return await new Promise((resolve, reject) => {
        this.request.on('error', reject);
        this.request.on('socket', (socket) => {
          if (socket.connecting) {
            this.arm('connectMs');
            socket.once(connected, () => this.arm('firstTokenMs'));
          } else this.arm('firstTokenMs');
        });
        this.request.on('response', (response) => this.read(response, resolve, reject));
        if (this.post.signal.aborted) abort();
        else this.request.end(this.post.body);
      });
    } finally {
      clearTimeout(attempt);
      clearTimeout(this.clock);
      this.post.signal.removeEventListener('abort', abort);
    }
  }

  private read(
    response: http.IncomingMessage,
    resolve: (answer: ModelAnswer) => void,
    reject: (error: Error) => void,
  ): void {
    this.hasAnswered = true;
    const firstByteAt = performance.now();
    const chunks: Buffer[] = [];
    const events = this.eventsOf(response);
    let bytes = 0;
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > ANSWER_MAX_BYTES) response.destroy(tooLarge(this.post.endpoint.url.host));
      else if (events !== undefined) this.hand(events, chunk, response);
      else {
        this.arm('idleMs');
        chunks.push(chunk);
      }
    });
    response.on('error', reject);
    response.on('end', () => {
      if (events !== undefined) return resolve({ text: undefined, firstByteAt });
      const text = (chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString();
      if (response.statusCode === 200) resolve({ text, firstByteAt });
      else reject(this.refusal(response, text));
    });
  }

  /** Who takes an answer as events, if it comes so. */
  private eventsOf({ statusCode, headers }: http.IncomingMessage): ((chunk: Buffer) => boolean) | undefined {
    const { onEvents } = this.post;
    const isStream = statusCode === 200 && headers['content-type']?.startsWith(EVENT_STREAM) === true;
    if (onEvents === undefined || !isStream) return undefined;
    const decoder = new StringDecoder();
    return (chunk) => onEvents(decoder.write(chunk));
  }

  private hand(events: (chunk: Buffer) => boolean, chunk: Buffer, response: http.IncomingMessage): void {
    try {
      // A comment that keeps the connection open is no token.
      if (events(chunk)) this.arm('idleMs');
    } catch (error) {
      response.destroy(error as Error);
    }
  }

  private refusal({ statusCode = 0, headers }: http.IncomingMessage, text: string): ModelCallError {
    const { url, apiKey } = this.post.endpoint;
    return refusalError(url.host, {
      status: statusCode,
      text: withoutKey(text, apiKey),
      retryAfter: headers['retry-after'],
    });
  }

  private arm(clock: keyof CallLimits): void {
    clearTimeout(this.clock);
    this.clock = setTimeout(() => this.expire(clock), this.post.limits[clock]);
  }

  private expire(clock: keyof CallLimits): void {
    const message =
      `The model server at ${this.post.endpoint.url.host} was too slow: ${CLOCKS[clock]} in ${this.post.limits[clock] / 1_000} s. ` +
      `Allow more with limits.${clock}.`;
    this.request.destroy(new ModelCallError(message, true));
  }
}

function agents(lookup?: LookupFunction): { http: http.Agent; https: https.Agent } {
  const options = { keepAlive: true, maxFreeSockets: IDLE_CONNECTIONS, timeout: IDLE_MS, ...(lookup && { lookup }) };
  return { http: new http.Agent(options), https: new https.Agent(options) };
}

/** Looks names up and refuses one with an address that must not be called; nothing is looked up again before connecting. */
function guardedLookup(allowed: BlockList): LookupFunction {
  return (hostname, options, callback) => {
    lookUp(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, []);
      for (const { address } of addresses) {
        const kind = refusedAs(address, allowed);
        if (kind !== null) return callback(new AddressRefused(kind), []);
      }
      return options.all === true
        ? callback(null, addresses)
        : callback(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
}

function headersOf({ endpoint: { apiKey }, traceparent, body, onEvents }: ModelPost): http.OutgoingHttpHeaders {
  return {
    'user-agent': 'dspy-nest',
    accept: onEvents === undefined ? 'application/json' : `${EVENT_STREAM}, application/json`,
    'accept-encoding': 'identity',
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    traceparent,
    ...(apiKey !== null && { authorization: `Bearer ${apiKey}` }),
  };
}

function toCallError(error: unknown, { endpoint: { url, apiKey }, signal }: ModelPost): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof ModelCallError) return error;
  if (error instanceof AddressRefused) return addressError(url.host, error.kind);
  const { code = 'Error', message } = error as NodeJS.ErrnoException;
  const text = withoutKey(`${code}: ${message}`, apiKey).slice(0, 500);
  return new ModelCallError(
    `The model server at ${url.host} could not be used (${text}). Check that it runs and its base URL.`,
    true,
  );
}

function addressError(host: string, kind: string): ModelCallError {
  const message =
    `The model server at ${host} must not be called: its address is ${kind}. Use a server on the public internet, or have ` +
    'the operator add the network to DSPY_NEST_MODEL_NETWORKS.';
  return new ModelCallError(message, false);
}

function tooLarge(host: string): ModelCallError {
  const most = `${ANSWER_MAX_BYTES / 1_048_576} MiB`;
  return new ModelCallError(
    `The model server at ${host} sent more than ${most}. Ask for less, for example with maxTokens.`,
    false,
  );
}

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { completionBody, completionEvents, type CompletionKind } from './completion';
import { type ModelReply, type ModelRequest, type ModelRequestBody, type ReplyScript, replyTo } from './model-reply';

const KINDS: Readonly<Record<string, CompletionKind>> = { '/v1/chat/completions': 'chat', '/v1/completions': 'text' };
// Longer than any client keeps an idle connection, so that a test never meets a connection that is just closing.
const KEEP_ALIVE_MS = 120_000;
const RECORD_LIMIT = 10_000;

interface Exchange {
  readonly request: ModelRequest;
  readonly response: ServerResponse;
  readonly kind: CompletionKind;
  readonly aborted: AbortSignal;
}

/** An OpenAI-compatible model server that answers as it is told, for tests and benchmarks. */
export class ScriptedModelServer {
  /** The newest requests, oldest first; at most `recordLimit` of them. */
  readonly requests: ModelRequest[] = [];
  /** All requests ever. */
  received = 0;
  /** Requests whose client went away before the answer was whole. */
  aborted = 0;
  openConnections = 0;

  private readonly server: Server;
  private readonly recordLimit: number;
  /** Answers that the server itself breaks off. */
  private readonly cuts = new WeakSet<ServerResponse>();
  private script: ReplyScript = '';

  private constructor(recordLimit: number) {
    this.recordLimit = recordLimit;
    this.server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
      void this.serve(request, response);
    });
    this.server.on('connection', (socket) => {
      this.openConnections += 1;
      socket.once('close', () => (this.openConnections -= 1));
    });
  }

  /** Listens on a free port of the loopback interface, or on `port`. */
  static async start(options: { port?: number; recordLimit?: number } = {}): Promise<ScriptedModelServer> {
    const scripted = new ScriptedModelServer(options.recordLimit ?? RECORD_LIMIT);
    scripted.server.listen(options.port ?? 0, '127.0.0.1');
    await once(scripted.server, 'listening');
    return scripted;
  }

  /** The base URL that a client is given. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  /** Says how to answer all requests from now on. */
  reply(script: ReplyScript): void {
    this.script = script;
  }

  /** Stops at once; open connections are destroyed. */
  async stop(): Promise<void> {
    if (!this.server.listening) return;
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = incoming.url ?? '';
    if (path === '/v1/models')
      return json(response, 200, { object: 'list', data: [{ id: 'scripted', object: 'model' }] });
    const kind = KINDS[path];
    if (kind === undefined) return json(response, 404, { error: { message: `No route ${path}`, code: 'not_found' } });

    const gone = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished && !this.cuts.has(response)) gone.abort();
    });
    try {
      const request = await this.record(incoming, path);
      const reply = await replyTo(this.script, request);
      if (reply.cut) this.cuts.add(response);
      await answer({ request, response, kind, aborted: gone.signal }, reply);
    } catch (error) {
      // A script that throws must be seen by the test; a client that left cannot be told anything.
      if (!gone.signal.aborted) json(response, 500, { error: { message: `The script failed: ${String(error)}` } });
    }
    if (gone.signal.aborted) this.aborted += 1;
  }

  private async record(incoming: IncomingMessage, path: string): Promise<ModelRequest> {
    const index = this.received;
    this.received += 1;
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const request = { index, path, headers: incoming.headers, body: parsed(Buffer.concat(chunks).toString('utf8')) };
    this.requests.push(request);
    if (this.requests.length > this.recordLimit) this.requests.shift();
    return request;
  }
}

async function answer(exchange: Exchange, reply: ModelReply): Promise<void> {
  if (reply.delayMs) await pause(reply.delayMs, undefined, { signal: exchange.aborted });
  if (stopsAfter(reply, 0)) return breakOff(exchange, reply);
  const isStream = exchange.request.body?.stream === true && reply.body === undefined && (reply.status ?? 200) < 300;
  exchange.response.writeHead(reply.status ?? 200, {
    'content-type': isStream ? 'text/event-stream' : 'application/json',
    ...reply.headers,
  });
  return isStream ? stream(exchange, reply) : whole(exchange, reply);
}

async function whole(exchange: Exchange, reply: ModelReply): Promise<void> {
  const { request, response, kind } = exchange;
  const body = reply.body ?? (errorBody(reply) || completionBody(kind, request, reply));
  if (!reply.hang && !reply.cut) return void response.end(body);
  response.write(body.slice(0, body.length / 2));
  return breakOff(exchange, reply);
}

async function stream(exchange: Exchange, reply: ModelReply): Promise<void> {
  const { request, response, kind, aborted } = exchange;
  const { tokens, after } = completionEvents(kind, request, reply);
  response.flushHeaders();
  for (const [index, token] of tokens.entries()) {
    const delayMs = index === 0 ? reply.firstTokenDelayMs : reply.tokenDelayMs;
    if (delayMs) await pause(delayMs, undefined, { signal: aborted });
    response.write(token);
    if (stopsAfter(reply, index + 1)) return breakOff(exchange, reply);
  }
  response.end(after.join(''));
}

function stopsAfter(reply: ModelReply, tokens: number): boolean {
  return (reply.hang === true || reply.cut === true) && (reply.afterTokens ?? 0) === tokens;
}

async function breakOff({ response, aborted }: Exchange, { cut }: ModelReply): Promise<void> {
  // Lets what was written leave first, which `destroy` does not.
  if (cut) response.socket?.destroySoon();
  else if (!aborted.aborted) await once(aborted, 'abort');
}

function errorBody(reply: ModelReply): string {
  const status = reply.status ?? 200;
  return status < 400
    ? ''
    : JSON.stringify({ error: { message: reply.text ?? `Scripted ${status}`, code: String(status) } });
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function parsed(text: string): ModelRequestBody | null {
  try {
    return JSON.parse(text) as ModelRequestBody;
  } catch {
    return null;
  }
}

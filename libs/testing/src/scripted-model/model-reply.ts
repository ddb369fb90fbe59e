import type { IncomingHttpHeaders } from 'node:http';

/** One request as the model server got it. */
export interface ModelRequest {
  /** How many came before it. */
  readonly index: number;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The decoded JSON body; null when it was none. */
  readonly body: ModelRequestBody | null;
}

/** What the server looks at in a body; anything else is kept as it came. */
export interface ModelRequestBody {
  readonly model?: string;
  readonly stream?: boolean;
  readonly messages?: readonly { role: string; content: unknown }[];
  readonly prompt?: string;
  readonly response_format?: unknown;
  readonly [member: string]: unknown;
}

/** How to answer one request. Without `body` the answer is a well-formed completion of `text`. */
export interface ModelReply {
  readonly text?: string;
  /** In place of `text`: the pieces that it comes in where it is streamed. */
  readonly tokens?: readonly string[];
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is, in place of a completion. */
  readonly body?: string;
  /** Before the first byte. */
  readonly delayMs?: number;
  /** After the headers of a stream, before its first token. */
  readonly firstTokenDelayMs?: number;
  /** Between the tokens of a stream. */
  readonly tokenDelayMs?: number;
  /** Says nothing more after `afterTokens` tokens, but keeps the connection. */
  readonly hang?: boolean;
  /** Destroys the connection after `afterTokens` tokens. */
  readonly cut?: boolean;
  /** 0, before even the headers, by default. */
  readonly afterTokens?: number;
  /** null: the answer says nothing of usage. By default counted in words. */
  readonly usage?: { readonly promptTokens: number; readonly completionTokens: number } | null;
  readonly finishReason?: string;
}

/** A text, a reply, or a function that makes one for each request. */
export type ReplyScript =
  string | ModelReply | ((request: ModelRequest) => string | ModelReply | Promise<string | ModelReply>);

/** The reply that a script has for a request. */
export async function replyTo(script: ReplyScript, request: ModelRequest): Promise<ModelReply> {
  const reply = typeof script === 'function' ? await script(request) : script;
  return typeof reply === 'string' ? { text: reply } : reply;
}

/** The text of a reply in the pieces that it is streamed in. */
export function piecesOf({ text = '', tokens = tokensOf(text) }: ModelReply): readonly string[] {
  return tokens;
}

/** A text cut into words, each with the space before it, as models stream it. */
export function tokensOf(text: string): string[] {
  return text.match(/\s*\S+|\s+$/g) ?? [];
}

import type { RequestOptions } from 'node:http';
import { urlToHttpOptions } from 'node:url';
import type { ModelConnectionV1 } from '@dspy-nest/contracts';

const TOKENS_OF_PRICE = 1_000_000;

/** Tokens of one model call; null where the server did not say. */
export interface CallUsage {
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
}

/** Where and as whom a model is asked. */
export interface ModelEndpoint {
  /** Of the chat route. */
  readonly url: URL;
  /** That address as node:http takes it. */
  readonly address: RequestOptions;
  readonly apiKey: string | null;
  /** Whether the operator named the server: it may be at any address then. */
  readonly trusted: boolean;
}

/** The chat route of a model, made once for many calls. */
export function chatEndpoint({
  baseUrl,
  apiKey,
  trusted,
}: Pick<ModelConnectionV1, 'baseUrl' | 'apiKey' | 'trusted'>): ModelEndpoint {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/chat/completions`;
  return { url, address: urlToHttpOptions(url), apiKey, trusted: trusted === true };
}

/** A text that a server said, without the key that it was sent. */
export function withoutKey(text: string, apiKey: string | null): string {
  return apiKey === null ? text : text.replaceAll(apiKey, '[key]');
}

/** The price of one call in USD; null when a count or a price is unknown, never 0 for want of knowledge. */
export function costUsd(
  { pricing }: Pick<ModelConnectionV1, 'pricing'>,
  { promptTokens, completionTokens }: CallUsage,
): number | null {
  const input = pricing?.inputPerMillionUsd ?? null;
  const output = pricing?.outputPerMillionUsd ?? null;
  if (promptTokens === null || completionTokens === null || input === null || output === null) return null;
  return (promptTokens * input + completionTokens * output) / TOKENS_OF_PRICE;
}

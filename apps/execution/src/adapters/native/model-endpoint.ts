import type { ModelConnectionV1 } from '@dspy-nest/contracts';

const TOKENS_OF_PRICE = 1_000_000;

/** Tokens of one model call; null where the server did not say. */
export interface CallUsage {
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
}

/** The address of the chat route of a model. */
export function chatUrl({ baseUrl }: Pick<ModelConnectionV1, 'baseUrl'>): URL {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/chat/completions`;
  return url;
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

import type { CallUsage } from './model-endpoint';
import { ModelCallError } from './model-call-error';

const FINISH_REASON_MAX = 100;

/** What a chat route answered. */
export interface Completion {
  readonly text: string;
  readonly finishReason: string | null;
  readonly usage: CallUsage;
}

interface ChatCompletion {
  readonly choices?: readonly { readonly message?: { readonly content?: unknown }; readonly finish_reason?: unknown }[];
  readonly usage?: { readonly prompt_tokens?: unknown; readonly completion_tokens?: unknown } | null;
}

/** Reads the body of a chat completion. Throws ModelCallError for what is none. */
export function readCompletion(body: string, server: string): Completion {
  const { choices, usage } = parsed(body, server);
  const choice = choices?.[0];
  const content = choice?.message?.content;
  return {
    text: typeof content === 'string' ? content : '',
    finishReason: finishReasonOf(choice?.finish_reason),
    usage: { promptTokens: count(usage?.prompt_tokens), completionTokens: count(usage?.completion_tokens) },
  };
}

function parsed(body: string, server: string): ChatCompletion {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    value = undefined;
  }
  if (isChatCompletion(value)) return value;
  const message = `The model server at ${server} answered with no chat completion. Check its base URL.`;
  throw new ModelCallError(message, true);
}

function isChatCompletion(value: unknown): value is ChatCompletion {
  return typeof value === 'object' && value !== null && 'choices' in value && Array.isArray(value.choices);
}

/** Why an answer ended, as its server says; null where it does not. */
export function finishReasonOf(value: unknown): string | null {
  return typeof value === 'string' ? value.slice(0, FINISH_REASON_MAX) : null;
}

/** A count of tokens, as a server says it; null for what is none. */
export function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

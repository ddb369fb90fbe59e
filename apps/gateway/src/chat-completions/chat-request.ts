import type { ErrorItem, JsonObject } from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';
import { z } from 'zod';
import { MalformedRequestError, UnsupportedOptionError } from '../http/http.errors';
import { IGNORED_PARAMETERS, refusalOf } from './chat-parameters';

const TextPart = z.object({ type: z.literal('text'), text: z.string() });
const Content = z.union([z.string(), z.array(TextPart)], 'must be a text, or a list of parts of the type "text"');

const ChatMessage = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant'], 'must be system, developer, user or assistant'),
  content: Content.meta({ description: 'A text. Parts of a text are put together.' }),
});
export type ChatMessage = z.infer<typeof ChatMessage>;

/** What the OpenAI route reads of a request for a completion. */
export const ChatRequest = z.object({
  model: z.string().meta({ examples: ['route-ticket'], description: '`program`, or `program@version`.' }),
  messages: z
    .array(ChatMessage)
    .min(1)
    .meta({
      description: 'The last one, of the user, holds the inputs: a JSON object, or the text of the one input there is.',
      examples: [[{ role: 'user', content: 'My card was charged twice' }]],
    }),
  response_format: z
    .looseObject({ type: z.enum(['text', 'json_object', 'json_schema']) })
    .optional()
    .meta({ description: 'Anything but text has all outputs as a JSON object, in the form of the signature.' }),
  stream: z.boolean().optional(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).optional(),
});
export type ChatRequest = z.infer<typeof ChatRequest>;

/** A request that was read, and what of it has no effect here. */
export interface ReadChatRequest {
  readonly request: ChatRequest;
  readonly ignored: readonly string[];
}

/** Reads the body of a request. Throws MalformedRequestError, UnsupportedOptionError and ValidationFailedError. */
export function readChatRequest(body: JsonObject | undefined): ReadChatRequest {
  if (body === undefined)
    throw new MalformedRequestError('A JSON body is required, sent with "content-type: application/json".');
  // Clients send null for what is not set.
  const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
  const others = Object.entries(given).filter(([name]) => !Object.hasOwn(ChatRequest.shape, name));
  const ignored: string[] = [];
  for (const [name, value] of others) {
    const refusal = refusalOf(name, value);
    if (refusal !== undefined) throw new UnsupportedOptionError(`/${name.slice(0, 100)}`, refusal);
    if (IGNORED_PARAMETERS.has(name)) ignored.push(name);
  }
  const result = ChatRequest.safeParse(given);
  if (result.success) return { request: result.data, ignored };
  const items = result.error.issues.map(toItem);
  const message = items.map((item) => `${item.pointer.slice(1)}: ${item.message}`).join('; ');
  throw new ValidationFailedError(`The request is not valid. ${message}.`, items);
}

function toItem({ path, code, message }: z.core.$ZodIssue): ErrorItem {
  return { pointer: path.map((step) => `/${String(step)}`).join(''), code: code ?? 'invalid', message };
}

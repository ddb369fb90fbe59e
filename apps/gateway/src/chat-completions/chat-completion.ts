import type { ExecutionV1 } from '@dspy-nest/contracts';
import type { SignatureSpec } from '@dspy-nest/signature';
import { z } from 'zod';
import { versionedName } from '../openai-models/model-name';
import { toUnixSeconds } from '../openai-models/openai-model';
import type { ChatRequest } from './chat-request';
import { textOutput } from './text-fields';

const ChatUsage = z.object({ prompt_tokens: z.int(), completion_tokens: z.int(), total_tokens: z.int() });
type ChatUsage = z.infer<typeof ChatUsage>;

const head = { id: z.string(), created: z.int(), model: z.string() };
const choice = { index: z.literal(0), logprobs: z.null() };

/** An answer as OpenAI's clients read it. */
export const ChatCompletion = z.object({
  ...head,
  object: z.literal('chat.completion'),
  choices: z.array(
    z.object({
      ...choice,
      message: z.object({ role: z.literal('assistant'), content: z.string().nullable(), refusal: z.null() }),
      finish_reason: z.literal('stop'),
    }),
  ),
  usage: ChatUsage.optional().meta({ description: 'Absent where the model does not say.' }),
});
export type ChatCompletion = z.infer<typeof ChatCompletion>;

/** A piece of an answer as OpenAI's clients read it. */
export const ChatCompletionChunk = z.object({
  ...head,
  object: z.literal('chat.completion.chunk'),
  choices: z.array(
    z.object({
      ...choice,
      delta: z.object({ role: z.literal('assistant').optional(), content: z.string().nullable().optional() }),
      finish_reason: z.literal('stop').nullable(),
    }),
  ),
  usage: ChatUsage.nullable().optional(),
});
export type ChatCompletionChunk = z.infer<typeof ChatCompletionChunk>;

type Asked = Pick<ChatRequest, 'response_format'>;

interface ChunkHead {
  readonly id: string;
  readonly created: number;
  readonly model: string;
  readonly wantsUsage: boolean;
}

interface ChatChunks {
  readonly opening: () => ChatCompletionChunk;
  readonly content: (text: string | null) => ChatCompletionChunk;
  readonly ending: (execution: ExecutionV1) => ChatCompletionChunk[];
}

/** The answer that a succeeded execution is. */
export function toCompletion(execution: ExecutionV1, signature: SignatureSpec, asked: Asked): ChatCompletion {
  const message = {
    role: 'assistant' as const,
    content: contentOf(execution.outputs, signature, asked),
    refusal: null,
  };
  const usage = usageOf(execution);
  return {
    ...headOf(execution),
    object: 'chat.completion',
    choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
    ...(usage !== undefined && { usage }),
  };
}

/** Makes the pieces of one answer, which the clients put together. */
export function chatChunks({ id, created, model, wantsUsage }: ChunkHead): ChatChunks {
  const told = { id, created, model, object: 'chat.completion.chunk' as const, ...(wantsUsage && { usage: null }) };
  const piece = (
    delta: ChatCompletionChunk['choices'][number]['delta'],
    finish_reason: 'stop' | null = null,
  ): ChatCompletionChunk => ({ ...told, choices: [{ index: 0, delta, logprobs: null, finish_reason }] });
  return {
    opening: () => piece({ role: 'assistant', content: '' }),
    content: (text) => piece({ content: text }),
    ending: (execution) => {
      const stop = piece({}, 'stop');
      return wantsUsage ? [stop, { ...told, choices: [], usage: usageOf(execution) ?? null }] : [stop];
    },
  };
}

function headOf({ id, program, version, createdAt }: ExecutionV1): Pick<ChatCompletion, 'id' | 'created' | 'model'> {
  return { id, created: toUnixSeconds(createdAt), model: versionedName(program, version) };
}

/** The output whose text is the answer, unless that is JSON. */
export function textAnswer(signature: SignatureSpec, { response_format }: Asked): string | undefined {
  return (response_format?.type ?? 'text') === 'text' ? textOutput(signature.outputs) : undefined;
}

/** The text of the one output, or all outputs as JSON. */
export function contentOf(outputs: ExecutionV1['outputs'], signature: SignatureSpec, asked: Asked): string | null {
  const name = textAnswer(signature, asked);
  if (name === undefined) return JSON.stringify(outputs);
  return (outputs?.[name] ?? null) as string | null;
}

function usageOf({ usage: { promptTokens, completionTokens } }: ExecutionV1): ChatUsage | undefined {
  if (promptTokens === null || completionTokens === null) return undefined;
  const total_tokens = promptTokens + completionTokens;
  return { prompt_tokens: promptTokens, completion_tokens: completionTokens, total_tokens };
}

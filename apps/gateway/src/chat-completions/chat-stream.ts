import type { ExecutionEventV1, ExecutionV1 } from '@dspy-nest/contracts';
import { ExecutionNotSucceededError } from '../executions/executions.errors';
import { toOpenAiError } from '../openai-errors/openai-error';
import type { SseEvent } from '../streams/sse-body';
import { type ChatCompletionChunk, chatChunks } from './chat-completion';

const END = '[DONE]';

/** What the pieces of one answer have in common, and what is told in them. */
export interface ChatStreamSettings {
  readonly id: string;
  readonly created: number;
  readonly model: string;
  readonly wantsUsage: boolean;
  /** The output whose text is told as it comes; undefined where the answer is told when it is whole. */
  readonly field: string | undefined;
  /** The whole answer. */
  readonly contentOf: (outputs: NonNullable<ExecutionV1['outputs']>) => string | null;
}

/** Thrown into a stream whose client has seen a text that is not the beginning of the answer: it cannot be taken back. */
const TEXT_CHANGED =
  'The model was asked again, or its answer was mended, after some of it had been sent. Ask again, without stream if it must not happen.';

/**
 * Makes pieces of an answer of the events of its execution. Text that was sent cannot be taken back: after a restart nothing is
 * sent until the new text goes on where the sent one ends, and an answer that does not begin with what was sent is an error.
 */
export class ChatStream {
  private sent = '';
  private heard = '';
  private hasFailed = false;
  private readonly chunks: ReturnType<typeof chatChunks>;

  constructor(private readonly settings: ChatStreamSettings) {
    this.chunks = chatChunks(settings);
  }

  /** The pieces that an event adds; none for most. Throws ExecutionNotSucceededError where nothing was sent before that end. */
  hear(event: ExecutionEventV1): SseEvent[] {
    if (this.hasFailed) return [];
    if (event.type === 'restarted') this.heard = '';
    else if (event.type === 'token' && event.field === this.settings.field) return this.text(event.delta ?? '');
    else if (event.type === 'outputs') return this.whole(this.settings.contentOf(event.outputs ?? {}));
    else if (event.execution !== undefined) return this.end(event.execution);
    return [];
  }

  private text(delta: string): SseEvent[] {
    this.heard += delta;
    return this.goOn(this.heard);
  }

  /** Sends what a text has beyond what was sent, if it begins with that. */
  private goOn(text: string): SseEvent[] {
    if (!text.startsWith(this.sent) || text.length === this.sent.length) return [];
    const isFirst = this.sent === '';
    const piece = this.chunks.content(text.slice(this.sent.length));
    this.sent = text;
    return toEvents(isFirst ? [this.chunks.opening(), piece] : [piece]);
  }

  private whole(content: string | null): SseEvent[] {
    if (this.sent === '') return toEvents([this.chunks.opening(), this.chunks.content(content)]);
    if (content?.startsWith(this.sent) === true) return this.goOn(content);
    this.hasFailed = true;
    const error = { message: TEXT_CHANGED, type: 'server_error', param: null, code: 'output_invalid', errors: [] };
    return [{ data: JSON.stringify({ error }) }];
  }

  private end(execution: ExecutionV1): SseEvent[] {
    if (execution.status === 'succeeded') return [...toEvents(this.chunks.ending(execution)), { data: END }];
    if (this.sent === '') throw new ExecutionNotSucceededError(execution);
    const { body } = toOpenAiError(new ExecutionNotSucceededError(execution), execution.traceId);
    return [{ data: JSON.stringify(body) }];
  }
}

/** The pieces of an answer, from the events of its execution. */
export function chatPieces(events: AsyncIterator<ExecutionEventV1>, stream: ChatStream): AsyncIterator<SseEvent> {
  const waiting: SseEvent[] = [];
  return {
    next: async () => {
      for (;;) {
        const piece = waiting.shift();
        if (piece !== undefined) return { value: piece, done: false };
        const told = await events.next();
        if (told.done === true) return { value: undefined, done: true };
        waiting.push(...stream.hear(told.value));
      }
    },
    return: async () => {
      await events.return?.();
      return { value: undefined, done: true };
    },
  };
}

function toEvents(chunks: ChatCompletionChunk[]): SseEvent[] {
  return chunks.map((chunk) => ({ data: JSON.stringify(chunk) }));
}

import { type Completion, count, finishReasonOf } from '../completion';
import { ModelCallError } from '../model-call-error';
import { type ModelEndpoint, withoutKey } from '../model-endpoint';

const DATA = 'data:';
const DONE = '[DONE]';
/** A longer line is no event of a chat route. */
const LINE_MAX_CHARS = 1_048_576;
const SAID_MAX = 500;

interface Chunk {
  readonly error?: unknown;
  readonly choices?: readonly {
    readonly delta?: { readonly content?: unknown } | null;
    readonly finish_reason?: unknown;
  }[];
  readonly usage?: { readonly prompt_tokens?: unknown; readonly completion_tokens?: unknown } | null;
}

/** Puts a chat completion together that comes as server-sent events. */
export class StreamedCompletion {
  /** When the first text came, of `performance.now()`. */
  firstTokenAt: number | undefined;
  private line = '';
  private readonly pieces: string[] = [];
  private finishReason: string | null = null;
  private usage: Completion['usage'] = { promptTokens: null, completionTokens: null };

  constructor(
    private readonly endpoint: ModelEndpoint,
    private readonly onText: (text: string) => void,
  ) {}

  /** Takes more of the body; tells whether text was in it. Throws ModelCallError for an error that the server tells, or what is no event. */
  feed(more: string): boolean {
    const lines = (this.line + more).split('\n');
    this.line = lines.pop() ?? '';
    if (this.line.length > LINE_MAX_CHARS) throw this.failure('sent an event that is too long');
    const { length } = this.pieces;
    for (const line of lines) this.read(line);
    return this.pieces.length > length;
  }

  /** The completion, once the body has ended. Throws ModelCallError where it was broken off. */
  end(): Completion {
    this.read(this.line);
    this.line = '';
    if (this.finishReason === null) throw this.failure('ended its answer without saying why');
    return { text: this.pieces.join(''), finishReason: this.finishReason, usage: this.usage };
  }

  private read(line: string): void {
    if (!line.startsWith(DATA)) return;
    const data = line.slice(DATA.length).trim();
    if (data === DONE || data === '') return;
    const { error, choices, usage } = this.parsed(data);
    if (error !== undefined && error !== null) throw this.failure(`broke off: ${said(error)}`);
    const choice = choices?.[0];
    this.finishReason = finishReasonOf(choice?.finish_reason) ?? this.finishReason;
    if (usage) {
      this.usage = { promptTokens: count(usage.prompt_tokens), completionTokens: count(usage.completion_tokens) };
    }
    const text = choice?.delta?.content;
    if (typeof text === 'string' && text !== '') this.take(text);
  }

  private take(text: string): void {
    this.firstTokenAt ??= performance.now();
    this.pieces.push(text);
    this.onText(text);
  }

  private parsed(data: string): Chunk {
    let value: unknown;
    try {
      value = JSON.parse(data);
    } catch {
      value = undefined;
    }
    if (typeof value === 'object' && value !== null) return value;
    throw this.failure('sent an event that is no JSON');
  }

  private failure(what: string): ModelCallError {
    const { url, apiKey } = this.endpoint;
    return new ModelCallError(`The model server at ${url.host} ${withoutKey(what, apiKey)}. Try again.`, true);
  }
}

function said(error: unknown): string {
  const isObject = typeof error === 'object' && error !== null;
  const message = isObject && 'message' in error ? error.message : error;
  return (typeof message === 'string' ? message : JSON.stringify(message)).slice(0, SAID_MAX);
}

import { type ModelReply, type ModelRequest, piecesOf, tokensOf } from './model-reply';

/** The two questions of the OpenAI wire form. */
export type CompletionKind = 'chat' | 'text';

interface Choice {
  index: number;
  finish_reason: string | null;
  message?: { role: string; content: string };
  delta?: { role?: string; content?: string };
  text?: string;
}

/** A whole answer, as JSON. */
export function completionBody(kind: CompletionKind, request: ModelRequest, reply: ModelReply): string {
  const text = piecesOf(reply).join('');
  const end: Choice = { index: 0, finish_reason: reply.finishReason ?? 'stop' };
  const choice = kind === 'chat' ? { ...end, message: { role: 'assistant', content: text } } : { ...end, text };
  const usage = usageOf(request, reply);
  return JSON.stringify({ ...envelope(kind, request, ''), choices: [choice], ...(usage && { usage }) });
}

/** The server-sent events of a streamed answer: `tokens`, one each, then what comes `after` the last. */
export function completionEvents(kind: CompletionKind, request: ModelRequest, reply: ModelReply) {
  const head = envelope(kind, request, '.chunk');
  const event = (body: object): string => `data: ${JSON.stringify({ ...head, ...body })}\n\n`;
  const token = (content: string): Choice =>
    kind === 'chat'
      ? { index: 0, finish_reason: null, delta: { content } }
      : { index: 0, finish_reason: null, text: content };
  const last: Choice = {
    index: 0,
    finish_reason: reply.finishReason ?? 'stop',
    ...(kind === 'chat' ? { delta: {} } : { text: '' }),
  };
  const usage = usageOf(request, reply);
  return {
    tokens: piecesOf(reply).map((content) => event({ choices: [token(content)] })),
    after: [event({ choices: [last] }), ...(usage ? [event({ choices: [], usage })] : []), 'data: [DONE]\n\n'],
  };
}

function envelope(kind: CompletionKind, request: ModelRequest, suffix: string) {
  const object = kind === 'chat' ? `chat.completion${suffix}` : 'text_completion';
  return { id: `scripted-${request.index}`, object, created: 0, model: request.body?.model ?? 'scripted' };
}

function usageOf(request: ModelRequest, reply: ModelReply) {
  if (reply.usage === null) return undefined;
  const { promptTokens, completionTokens } = reply.usage ?? {
    promptTokens: tokensOf(promptOf(request)).length,
    completionTokens: piecesOf(reply).length,
  };
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}

/** All text that a request puts to the model. */
export function promptOf({ body }: ModelRequest): string {
  const contents = body?.messages?.map(({ content }) =>
    typeof content === 'string' ? content : JSON.stringify(content),
  );
  return contents?.join('\n') ?? body?.prompt ?? '';
}

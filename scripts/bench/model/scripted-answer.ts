import { answerOf, CONFIDENCE, NONCE_BEGIN, NONCE_END } from '../workload';

const MODEL = /"model": ?"([^"\\]{1,100})"/;
/** What DSPy's chat prompts have; others ask for JSON. */
const CHAT_MARKER = '[[ ## ';
const STREAM = /"stream": ?true/;
const USAGE = { prompt_tokens: 180, completion_tokens: 30, total_tokens: 210 };
const AFTER_NONCE = `\n\n[[ ## confidence ## ]]\n${CONFIDENCE}\n\n[[ ## completed ## ]]`;

/** The bytes of the answer to the body of a chat request; of a 400 when there is no nonce in it. */
export function answerTo(body: string): string {
  const begin = body.lastIndexOf(NONCE_BEGIN);
  const model = MODEL.exec(body)?.[1];
  if (begin < 0 || model === undefined) return http(400, 'application/json', '{"error":{"message":"no nonce"}}');
  const nonceBegin = begin + NONCE_BEGIN.length;
  const nonce = body.slice(nonceBegin, body.indexOf(NONCE_END, nonceBegin));
  if (STREAM.test(body)) return streamed(model, nonce);
  const isChat = body.includes(CHAT_MARKER);
  return whole(model, isChat ? `${CHAT_MARKER}answer ## ]]\n${answerOf(nonce)}${AFTER_NONCE}` : json(nonce));
}

const json = (nonce: string): string => JSON.stringify({ answer: answerOf(nonce), confidence: CONFIDENCE });

function whole(model: string, content: string): string {
  const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }];
  const envelope = { id: 'scripted', object: 'chat.completion', created: 0, model };
  return http(200, 'application/json', JSON.stringify({ ...envelope, choices, usage: USAGE }));
}

/** Of each model all that does not change from call to call. */
const streams = new Map<string, { before: string; after: string }>();

// As model servers stream: an event for each word, each a chunk of its own; all in one write, since none has to wait.
function streamed(model: string, nonce: string): string {
  const fixed = streams.get(model) ?? fixedParts(model);
  streams.set(model, fixed);
  return `${fixed.before}${token(model, ` ${nonce}`)}${fixed.after}`;
}

function fixedParts(model: string): { before: string; after: string } {
  const words = (text: string) => text.match(/\s*\S+/g) ?? [];
  const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n';
  const begin = words(`[[ ## answer ## ]]\n${answerOf('')}`).map((word) => token(model, word));
  const rest = words(AFTER_NONCE).map((word) => token(model, word));
  const end = event({ model, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
  const usage = event({ model, choices: [], usage: USAGE });
  return {
    before: `${head}${begin.join('')}`,
    after: `${rest.join('')}${end}${usage}${chunk('data: [DONE]\n\n')}0\r\n\r\n`,
  };
}

function token(model: string, content: string): string {
  return event({ model, choices: [{ index: 0, delta: { content }, finish_reason: null }] });
}

function event(body: object): string {
  return chunk(`data: ${JSON.stringify({ id: 'scripted', object: 'chat.completion.chunk', created: 0, ...body })}\n\n`);
}

function chunk(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n`;
}

function http(status: number, type: string, body: string): string {
  return `HTTP/1.1 ${status} ${status === 200 ? 'OK' : 'Bad Request'}\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

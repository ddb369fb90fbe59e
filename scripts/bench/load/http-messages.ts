import { BenchAnswerError } from '../bench.errors';

/** One request or answer: the start line with the headers, and the body. */
export interface HttpMessage {
  readonly head: string;
  readonly body: string;
}

const HEAD_END = '\r\n\r\n';
const LAST_CHUNK = '\r\n0\r\n\r\n';
const NOTHING = Buffer.alloc(0);

/**
 * Cuts the bytes of one connection into messages. It knows what the servers and clients of the benchmark send, and no more:
 * Node's own parser would cost several times as much, on cores that belong to what is measured.
 */
export class HttpMessages {
  private rest: Buffer = NOTHING;

  /** Takes the next bytes; answers the messages that are whole. A chunked body keeps its framing. */
  take(bytes: Buffer): HttpMessage[] {
    this.rest = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    const messages: HttpMessage[] = [];
    for (let end = this.next(messages); end > 0; end = this.next(messages)) this.rest = this.rest.subarray(end);
    return messages;
  }

  private next(messages: HttpMessage[]): number {
    const headEnd = this.rest.indexOf(HEAD_END);
    if (headEnd < 0) return 0;
    const head = this.rest.toString('latin1', 0, headEnd);
    const end = bodyEnd(this.rest, head, headEnd + HEAD_END.length);
    if (end < 0 || end > this.rest.length) return 0;
    messages.push({ head, body: this.rest.toString('utf8', headEnd + HEAD_END.length, end) });
    return end;
  }
}

function bodyEnd(bytes: Buffer, head: string, start: number): number {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return start + Number(length);
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) {
    const last = bytes.indexOf(LAST_CHUNK, start);
    return last < 0 ? -1 : last + LAST_CHUNK.length;
  }
  if (/^(GET|DELETE) |^HTTP\/1.1 204/.test(head)) return start;
  throw new BenchAnswerError(`A message says neither its length nor that it is chunked: ${head}`);
}

/** The status of an answer. */
export function statusOf({ head }: HttpMessage): number {
  return Number(head.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length));
}

import type { AppError } from '@dspy-nest/platform';
import { MalformedRequestError, PayloadTooLargeError } from '../http/http.errors';

/** Why a line has no text. */
export type LineFault = 'too_long' | 'not_utf8';

/** One line of an upload, counted from 1, with its text, or why it has none. */
export type RowLine =
  | { readonly line: number; readonly text: string }
  | { readonly line: number; readonly text: undefined; readonly fault: LineFault };

const NEWLINE = 0x0a;
const decoder = new TextDecoder('utf-8', { fatal: true });

/** The lines of NDJSON that are not blank. However long a line is, no more than `maxBytes` of it are kept. */
export async function* rowLines(bytes: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<RowLine> {
  for await (const row of everyLine(bytes, maxBytes)) {
    const text = row.text?.trim();
    if (text === undefined) yield row;
    else if (text !== '') yield { line: row.line, text };
  }
}

/** Each line of a text as it stands, but for its line feed. However long a line is, no more than `maxBytes` of it are kept. */
export async function* everyLine(bytes: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<RowLine> {
  let line = 1;
  let rest: Buffer[] = [];
  let length = 0;
  const keep = (part: Buffer): void => {
    length += part.length;
    if (length <= maxBytes) rest.push(part);
    else rest = [];
  };
  const take = (): RowLine => {
    const read = length <= maxBytes ? decoded(Buffer.concat(rest)) : ({ text: undefined, fault: 'too_long' } as const);
    rest = [];
    length = 0;
    return { line, ...read };
  };
  for await (const chunk of bytes) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      keep(chunk.subarray(start, end));
      yield take();
      line += 1;
      start = end + 1;
    }
    keep(chunk.subarray(start));
  }
  if (length > 0) yield take();
}

/** The error of a line that has no text. */
export function unreadableLine(fault: LineFault, maxBytes: number): AppError {
  if (fault === 'too_long')
    return new PayloadTooLargeError(`The row has more than ${maxBytes} bytes. Send less in one.`);
  const message = 'The row is no UTF-8, in which all text is sent. Save it in that encoding.';
  return new MalformedRequestError(message, [{ pointer: '', code: 'not_utf8', message }]);
}

function decoded(bytes: Buffer): { text: string } | { text: undefined; fault: LineFault } {
  try {
    return { text: decoder.decode(bytes) };
  } catch {
    return { text: undefined, fault: 'not_utf8' };
  }
}

import { PayloadTooLargeError } from '../http/http.errors';

/** One line of an upload; its text, or undefined when it is longer than a row may be or no UTF-8. */
export interface RowLine {
  /** From 1. */
  readonly line: number;
  readonly text: string | undefined;
}

const NEWLINE = 0x0a;
const decoder = new TextDecoder('utf-8', { fatal: true });

/** The lines of NDJSON that are not blank. However long a line is, no more than `maxBytes` of it are kept. */
export async function* rowLines(bytes: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<RowLine> {
  for await (const { line, text } of everyLine(bytes, maxBytes)) {
    const trimmed = text?.trim();
    if (trimmed !== '') yield { line, text: trimmed };
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
    const text = length <= maxBytes ? decoded(Buffer.concat(rest)) : undefined;
    rest = [];
    length = 0;
    return { line, text };
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

/** Why a line has no text. */
export function unreadableLine(maxBytes: number): PayloadTooLargeError {
  return new PayloadTooLargeError(`The row has more than ${maxBytes} bytes, or is no UTF-8. Send less in one row.`);
}

function decoded(bytes: Buffer): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

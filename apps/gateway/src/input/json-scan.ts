import type { ErrorItem } from '@dspy-nest/contracts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const IMAGE_DATA = 'data:image/';
const WHITE_SPACE = /[ \t\n\r]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SCALAR = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;

/** Where a text is not JSON, and what was expected there. */
export interface JsonFault {
  offset: number;
  expected: string;
}

/** The offset of the first bracket that opens a level deeper than `maxDepth`; undefined when there is none. */
export function findTooDeep(text: string, maxDepth: number): number | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) {
      at = endOfString(text, at);
    } else if (char === 0x7b || char === 0x5b) {
      depth += 1;
      if (depth > maxDepth) return at;
    } else if (char === 0x7d || char === 0x5d) {
      depth -= 1;
    }
  }
  return undefined;
}

/** Characters of all strings that are an image as a data URI. */
export function imageLength(text: string): number {
  let length = 0;
  for (let open = text.indexOf('"'); open >= 0;) {
    const close = endOfString(text, open);
    if (text.startsWith(IMAGE_DATA, open + 1)) length += close - open - 1;
    open = text.indexOf('"', close + 1);
  }
  return length;
}

/** The offset of the closing quote of the string that opens at `open`, or the end of the text. */
function endOfString(text: string, open: number): number {
  let at = text.indexOf('"', open + 1);
  while (at >= 0 && isEscaped(text, at)) at = text.indexOf('"', at + 1);
  return at < 0 ? text.length : at;
}

function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text.charCodeAt(first - 1) === BACKSLASH) first -= 1;
  return (at - first) % 2 === 1;
}

/** Finds the first place where a text breaks the grammar of RFC 8259; for texts that `JSON.parse` refused, whose messages rarely say where. */
export function locateFault(text: string): JsonFault {
  try {
    const end = skip(WHITE_SPACE, text, readValue(text, skip(WHITE_SPACE, text, 0)));
    return { offset: end, expected: 'the end of the text' };
  } catch (error) {
    if (error instanceof FaultFound) return error.fault;
    throw error;
  }
}

class FaultFound extends Error {
  constructor(readonly fault: JsonFault) {
    super(fault.expected);
  }
}

function skip(pattern: RegExp, text: string, offset: number): number {
  pattern.lastIndex = offset;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

function readValue(text: string, offset: number): number {
  const char = text[offset];
  if (char === '{') return readMembers(text, offset, '}', readMember);
  if (char === '[') return readMembers(text, offset, ']', readValue);
  if (char === '"') return readString(text, offset);
  const end = skip(SCALAR, text, offset);
  if (end < 0) throw new FaultFound({ offset, expected: 'a value' });
  return end;
}

function readMembers(text: string, open: number, close: string, read: (text: string, at: number) => number): number {
  let offset = skip(WHITE_SPACE, text, open + 1);
  if (text[offset] === close) return offset + 1;
  for (;;) {
    offset = skip(WHITE_SPACE, text, read(text, offset));
    if (text[offset] === close) return offset + 1;
    if (text[offset] !== ',') throw new FaultFound({ offset, expected: `"," or "${close}"` });
    offset = skip(WHITE_SPACE, text, offset + 1);
  }
}

function readMember(text: string, offset: number): number {
  if (text[offset] !== '"') throw new FaultFound({ offset, expected: 'a name in double quotes' });
  const colon = skip(WHITE_SPACE, text, readString(text, offset));
  if (text[colon] !== ':') throw new FaultFound({ offset: colon, expected: '":"' });
  return readValue(text, skip(WHITE_SPACE, text, colon + 1));
}

function readString(text: string, offset: number): number {
  const end = skip(STRING, text, offset);
  if (end < 0) throw new FaultFound({ offset, expected: 'a string with valid escapes and a closing quote' });
  return end;
}

/** An offset as an error item with line and column, both from 1. */
export function placeOf(text: string, offset: number, code: string, message: string): ErrorItem {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.split('\n').length;
  return { pointer: '', code, message, offset, line, column: offset - lineStart + 1 };
}

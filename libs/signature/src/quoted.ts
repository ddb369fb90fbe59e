import { FieldAborted, type Cursor } from './cursor';
import type { Fault } from './errors';
import type { Digit, trimStart } from './scan';

export const writeUnterminatedMessage = <Name extends string>(field: Name): writeUnterminatedMessage<Name> =>
  `A string of field "${field}" is not closed on its line.`;
export type writeUnterminatedMessage<Name extends string> = `A string of field "${Name}" is not closed on its line.`;

export const writeEscapeMessage = <Character extends string, Name extends string>(
  character: Character,
  field: Name,
): writeEscapeMessage<Character, Name> => `Unknown escape "\\${character}" in a string of field "${field}".`;
export type writeEscapeMessage<
  Character extends string,
  Name extends string,
> = `Unknown escape "\\${Character}" in a string of field "${Name}".`;

export const halfPairMessage = 'Half of a surrogate pair stands alone.';
export const halfPairHint = 'JSON cannot carry it: write the whole character.';

const escapes = { '"': '"', "'": "'", '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' } as const;
type Escapes = typeof escapes;

const plain = { '"': /[^"\\\n]*/y, "'": /[^'\\\n]*/y };
const whole = { '"': /"(?:[^"\\\n]|\\[^\n])*"/y, "'": /'(?:[^'\\\n]|\\[^\n])*'/y };
const fourHexDigits = /[0-9a-fA-F]{4}/y;
type HexDigit = Digit | 'a' | 'b' | 'c' | 'd' | 'e' | 'f' | 'A' | 'B' | 'C' | 'D' | 'E' | 'F';

/** Tells whether a string comes next. */
export function atQuote(cursor: Cursor): boolean {
  return cursor.startsWith('"') || cursor.startsWith("'");
}

/** Reads a string in single or double quotes with JSON's escapes (and `\'`), and the blanks after it. */
export function parseQuoted(cursor: Cursor, field: string): string {
  const start = cursor.offset;
  const errors = cursor.errors.length;
  const quote = quoteAt(cursor);
  cursor.offset += 1;
  let value = cursor.match(plain[quote]);
  while (!cursor.startsWith(quote)) {
    if (!atEscape(cursor)) failUnterminated(cursor, start, field);
    value += parseEscape(cursor, field) + cursor.match(plain[quote]);
  }
  cursor.offset += 1;
  // Only behind the string an arrow is an arrow.
  if (cursor.errors.length > errors) throw new FieldAborted();
  refuseHalfPairs(cursor, value, start);
  cursor.skipBlank();
  return value;
}
export type parseQuoted<S extends string, Name extends string> = S extends `"${infer Rest}`
  ? readQuoted<Rest, '"', '', Name>
  : S extends `'${infer Rest}`
    ? readQuoted<Rest, "'", '', Name>
    : never;

/** Moves behind a string that nobody wants to know. */
export function skipQuoted(cursor: Cursor, field: string): void {
  if (cursor.match(whole[quoteAt(cursor)]) === '') failUnterminated(cursor, cursor.offset, field);
}

const quoteAt = (cursor: Cursor): '"' | "'" => (cursor.startsWith("'") ? "'" : '"');

function atEscape(cursor: Cursor): boolean {
  const next = cursor.text.charAt(cursor.offset + 1);
  return cursor.startsWith('\\') && next !== '' && next !== '\n';
}

// Jumps from quote to quote and from escape to escape: a long text costs no recursion.
type readQuoted<
  S extends string,
  Quote extends string,
  Value extends string,
  Name extends string,
> = S extends `${infer Body}${Quote}${infer Rest}`
  ? Body extends `${infer Before}\\${string}`
    ? Before extends `${string}\n${string}`
      ? Fault<writeUnterminatedMessage<Name>>
      : S extends `${Before}\\${infer Character}${infer After}`
        ? readEscape<Character, After, Quote, `${Value}${Before}`, Name>
        : never
    : Body extends `${string}\n${string}`
      ? Fault<writeUnterminatedMessage<Name>>
      : [`${Value}${Body}`, trimStart<Rest>]
  : Fault<writeUnterminatedMessage<Name>>;

// A code point by number is not computed at compile time: the value is then any string.
type readEscape<
  Character extends string,
  After extends string,
  Quote extends string,
  Value extends string,
  Name extends string,
> = Character extends keyof Escapes
  ? readQuoted<After, Quote, `${Value}${Escapes[Character]}`, Name>
  : Character extends 'u'
    ? After extends `${infer A}${infer B}${infer C}${infer D}${infer Rest}`
      ? [A | B | C | D] extends [HexDigit]
        ? readQuoted<Rest, Quote, string, Name>
        : Fault<writeEscapeMessage<'u', Name>>
      : Fault<writeEscapeMessage<'u', Name>>
    : Character extends '\n'
      ? Fault<writeUnterminatedMessage<Name>>
      : Fault<writeEscapeMessage<Character, Name>>;

function parseEscape(cursor: Cursor, field: string): string {
  const offset = cursor.offset;
  const character = String.fromCodePoint(cursor.text.codePointAt(offset + 1) ?? 0);
  cursor.offset += 1 + character.length;
  if (character in escapes) return escapes[character as keyof Escapes];
  const digits = character === 'u' ? cursor.match(fourHexDigits) : '';
  if (digits === '') {
    const hint = 'Write \\" \\\' \\\\ \\/ \\b \\f \\n \\r \\t or \\u with four hexadecimal digits.';
    const span = { offset, length: 1 + character.length };
    cursor.report('invalid_string', writeEscapeMessage(character, field), span, hint);
    return '';
  }
  return String.fromCharCode(Number.parseInt(digits, 16));
}

function failUnterminated(cursor: Cursor, offset: number, field: string): never {
  const lineEnd = cursor.text.indexOf('\n', offset);
  const length = (lineEnd === -1 ? cursor.text.length : lineEnd) - offset;
  const hint = 'Close it with the quote it began with; a line break is written \\n.';
  return cursor.stop('invalid_string', writeUnterminatedMessage(field), { offset, length }, hint);
}

// Escapes can make what the text itself does not hold.
function refuseHalfPairs(cursor: Cursor, value: string, offset: number): void {
  if (!/\p{Surrogate}/u.test(value)) return;
  cursor.fail('invalid_string', halfPairMessage, { offset, length: cursor.offset - offset }, halfPairHint);
}

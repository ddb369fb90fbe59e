import type { Cursor } from './cursor';
import type { Fault } from './errors';
import type { trimStart } from './scan';

export const unterminatedMessage = 'A string is not closed on its line.';
export type unterminatedMessage = typeof unterminatedMessage;

export const writeEscapeMessage = <Character extends string>(character: Character): writeEscapeMessage<Character> =>
  `Unknown escape "\\${character}" in a string.`;
export type writeEscapeMessage<Character extends string> = `Unknown escape "\\${Character}" in a string.`;

export const halfPairMessage = 'Half of a surrogate pair stands alone.';
export const halfPairHint = 'JSON cannot carry it: write the whole character.';

const escapes = { '"': '"', "'": "'", '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' } as const;
type Escapes = typeof escapes;

const plain = { '"': /[^"\\\n]*/y, "'": /[^'\\\n]*/y };
const fourHexDigits = /[0-9a-fA-F]{4}/y;

/** Tells whether a string comes next. */
export function atQuote(cursor: Cursor): boolean {
  return cursor.startsWith('"') || cursor.startsWith("'");
}

/** Reads a string in single or double quotes with JSON's escapes (and `\'`), and the blanks after it. */
export function parseQuoted(cursor: Cursor): string {
  const start = cursor.offset;
  const quote = cursor.startsWith("'") ? "'" : '"';
  cursor.offset += 1;
  let value = cursor.match(plain[quote]);
  while (!cursor.startsWith(quote)) {
    if (!cursor.startsWith('\\')) failUnterminated(cursor, start);
    value += parseEscape(cursor) + cursor.match(plain[quote]);
  }
  cursor.offset += 1;
  refuseHalfPairs(cursor, value, start);
  cursor.skipBlank();
  return value;
}
export type parseQuoted<S extends string> = S extends `"${infer Rest}`
  ? readQuoted<Rest, '"', ''>
  : S extends `'${infer Rest}`
    ? readQuoted<Rest, "'", ''>
    : never;

// Jumps from quote to quote and from escape to escape: a long text costs no recursion.
type readQuoted<
  S extends string,
  Quote extends string,
  Value extends string,
> = S extends `${infer Body}${Quote}${infer Rest}`
  ? Body extends `${infer Before}\\${string}`
    ? Before extends `${string}\n${string}`
      ? Fault<unterminatedMessage>
      : S extends `${Before}\\${infer Character}${infer After}`
        ? readEscape<Character, After, Quote, `${Value}${Before}`>
        : never
    : Body extends `${string}\n${string}`
      ? Fault<unterminatedMessage>
      : [`${Value}${Body}`, trimStart<Rest>]
  : Fault<unterminatedMessage>;

// A code point by number is not computed at compile time: the value is then any string.
type readEscape<
  Character extends string,
  After extends string,
  Quote extends string,
  Value extends string,
> = Character extends keyof Escapes
  ? readQuoted<After, Quote, `${Value}${Escapes[Character]}`>
  : Character extends 'u'
    ? readQuoted<After, Quote, string>
    : Fault<writeEscapeMessage<Character>>;

function parseEscape(cursor: Cursor): string {
  const offset = cursor.offset;
  const character = String.fromCodePoint(cursor.text.codePointAt(offset + 1) ?? 0x20);
  cursor.offset += 1 + character.length;
  if (character in escapes) return escapes[character as keyof Escapes];
  const digits = character === 'u' ? cursor.match(fourHexDigits) : '';
  if (digits === '') {
    const hint = 'Write \\" \\\' \\\\ \\/ \\b \\f \\n \\r \\t or \\u with four hexadecimal digits.';
    cursor.fail('invalid_string', writeEscapeMessage(character), { offset, length: 1 + character.length }, hint);
  }
  return String.fromCharCode(Number.parseInt(digits, 16));
}

function failUnterminated(cursor: Cursor, offset: number): never {
  const lineEnd = cursor.text.indexOf('\n', offset);
  const length = (lineEnd === -1 ? cursor.text.length : lineEnd) - offset;
  const hint = 'Close it with the quote it began with; a line break is written \\n.';
  return cursor.stop('invalid_string', unterminatedMessage, { offset, length }, hint);
}

// Escapes can make what the text itself does not hold.
function refuseHalfPairs(cursor: Cursor, value: string, offset: number): void {
  if (!/\p{Surrogate}/u.test(value)) return;
  cursor.fail('invalid_string', halfPairMessage, { offset, length: cursor.offset - offset }, halfPairHint);
}

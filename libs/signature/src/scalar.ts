import { shorten, type Cursor, type Span } from './cursor';
import { atQuote, parseQuoted } from './quoted';
import type { Digit, takeWord } from './scan';
import type { EnumValue } from './spec';

const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
// What the compiler takes for a number and JSON does not.
type NoNumber =
  | `${'+' | '.' | '-.'}${string}`
  | `${'' | '-'}0${Digit | 'x' | 'X' | 'o' | 'O' | 'b' | 'B'}${string}`
  | `${string}.${'' | `${'e' | 'E'}${string}`}`;
const constants = { true: true, True: true, false: false, False: false, null: null, None: null } as const;
type Constants = typeof constants;

export const writeRoundedMessage = (number: string, field: string): string =>
  `The number ${number} of field "${field}" is beyond 2^53: it would be rounded.`;

/** Reads a string, number, boolean or null (in JSON's or Python's words); undefined, without moving, when none comes next. */
export function parseScalar(cursor: Cursor, field: string): (Span & { value: EnumValue | null }) | undefined {
  const { offset } = cursor;
  if (atQuote(cursor)) {
    const value = parseQuoted(cursor, field);
    return { value, offset, length: cursor.text.slice(offset, cursor.offset).trimEnd().length };
  }
  const word = cursor.takeWord();
  if (Object.hasOwn(constants, word.text)) return { ...word, value: constants[word.text as keyof Constants] };
  // Zero has one form in JSON: without "or zero", -0 would not survive a round trip.
  if (isNumber(word.text)) return { ...word, value: toExact(cursor, word, field) || 0 };
  cursor.offset = offset;
  return undefined;
}
/** `[value, rest]`, a fault of a string, or never when no scalar comes next. */
export type parseScalar<S extends string, Name extends string> = S extends `${'"' | "'"}${string}`
  ? parseQuoted<S, Name>
  : takeWord<S> extends [infer Word extends string, infer Rest extends string, boolean]
    ? Word extends keyof Constants
      ? [Constants[Word], Rest]
      : Word extends NoNumber
        ? never
        : Word extends `${infer Value extends number}`
          ? [Value, Rest]
          : never
    : never;

/** Whether a value other than a number, or a number without a fraction; a number in another form than its shortest is not known. */
export type isWhole<Value> = [Value] extends [number]
  ? number extends Value
    ? true
    : `${Value}` extends `${bigint}`
      ? true
      : false
  : true;

const isNumber = (text: string): boolean => number.test(text) && Number.isFinite(Number(text));

function toExact(cursor: Cursor, word: Span & { text: string }, field: string): number {
  const value = Number(word.text);
  if (/^-?\d+$/.test(word.text) && !Number.isSafeInteger(value)) {
    const hint = 'Write it in quotes, as text.';
    cursor.fail('invalid_number', writeRoundedMessage(shorten(word.text), field), word, hint);
  }
  return value;
}

import type { Cursor, Span } from './cursor';
import { atQuote, parseQuoted } from './quoted';
import type { takeWord, trimStart } from './scan';
import type { EnumValue } from './spec';

const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const constants = { true: true, True: true, false: false, False: false, null: null, None: null } as const;
type Constants = typeof constants;

/** Reads a string, number, boolean or null (in JSON's or Python's words); undefined, without moving, when none comes next. */
export function parseScalar(cursor: Cursor): (Span & { value: EnumValue | null }) | undefined {
  const { offset } = cursor;
  if (atQuote(cursor)) {
    const value = parseQuoted(cursor);
    return { value, offset, length: cursor.offset - offset };
  }
  const word = cursor.takeWord();
  if (Object.hasOwn(constants, word.text)) return { ...word, value: constants[word.text as keyof Constants] };
  // Zero has one form in JSON: without "or zero", -0 would not survive a round trip.
  if (number.test(word.text) && Number.isFinite(Number(word.text))) return { ...word, value: Number(word.text) || 0 };
  cursor.offset = offset;
  return undefined;
}
/** `[value, rest]`, a fault of a string, or never when no scalar comes next. */
export type parseScalar<S extends string> = S extends `${'"' | "'"}${string}`
  ? parseQuoted<S>
  : takeWord<S> extends [infer Word extends string, infer Rest extends string, boolean]
    ? Word extends keyof Constants
      ? [Constants[Word], trimStart<Rest>]
      : Word extends `${infer Value extends number}`
        ? [Value, trimStart<Rest>]
        : never
    : never;

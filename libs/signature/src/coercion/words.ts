import { canonicalJson } from '../canonical-json';
import type { EnumValue } from '../spec';
import { fenced } from '../texts/json-text';
import { bare, plain } from '../texts/text-marks';
import { isCarriable, isScalar } from '../values/carriable';
import { kept, mended, type Coerced } from './coercion';
import { readNumber } from './numbers';

const boolWords = new Map([
  ['true', true],
  ['yes', true],
  ['false', false],
  ['no', false],
]);

/** Reads a yes or no. */
export function coerceBool(raw: unknown, pointer: string): Coerced {
  if (typeof raw !== 'string') return kept(raw, typeof raw === 'boolean');
  const value = boolWords.get(bare(fenced(raw) ?? raw).toLowerCase());
  return value === undefined ? kept(raw, false) : mended(pointer, raw, value, 'bool_from_word');
}

/** Whether a text is a word for nothing. */
export const isNullWord = (text: string): boolean => ['', 'null', 'none'].includes(bare(text).toLowerCase());

// DSPy writes an enumeration as Literal["a"], and models repeat it.
const echo = /^(?:Literal|str)\[(.*)\]$/s;

/** The value that is meant, if it is the only one. */
export function coerceEnum(values: readonly EnumValue[], raw: unknown, pointer: string): Coerced {
  const allowed = values.filter(isCarriable);
  if (allowed.some((value) => value === raw)) return kept(raw, true);
  const meant = typeof raw === 'string' ? membersLike(allowed, raw) : allowed.filter((value) => isTextOf(value, raw));
  const [only] = meant;
  return only === undefined || meant.length > 1 ? kept(raw, false) : mended(pointer, raw, only, 'enum_member');
}

function membersLike(values: readonly EnumValue[], raw: string): EnumValue[] {
  const text = bare((fenced(raw) ?? raw).replace(echo, '$1'));
  if (values.includes(text)) return [text];
  const meant = plain(text);
  return values.filter((value) => {
    if (typeof value === 'string') return meant !== '' && plain(value) === meant;
    return typeof value === 'number' ? readNumber(text, true) === value : text.toLowerCase() === String(value);
  });
}

function isTextOf(value: EnumValue, raw: unknown): boolean {
  return typeof value === 'string' && isScalar(raw) && canonicalJson(raw) === value;
}

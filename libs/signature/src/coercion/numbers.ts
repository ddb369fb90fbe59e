import { fenced } from '../texts/json-text';
import { bare } from '../texts/text-marks';
import { kept, mended, type Coerced } from './coercion';

const maxDigits = 400;
const decimal = /^[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)$/;
const number = /^[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const grouped = /^[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?$/;
// 1.234 to half of the world; a whole number can only be 1234.
const oneGroup = /^[^,]*,[^,.]*$/;

/** Reads a number as people write it; `whole` tells that it has no fraction, which makes a single comma clear. */
export function readNumber(text: string, whole: boolean): number | undefined {
  if (text.length > maxDigits) return undefined;
  if (number.test(text)) return finite(text);
  if (!grouped.test(text) || (!whole && oneGroup.test(text))) return undefined;
  return finite(text.replaceAll(',', ''));
}

function finite(text: string): number | undefined {
  const value = Number(text);
  // Minus zero is zero in JSON.
  return Number.isFinite(value) ? value + 0 : undefined;
}

/** The coercer of a kind of number: `is` tells its values, `whole` that they have no fraction. */
export const numberCoercer =
  (is: (value: unknown) => boolean, whole: boolean) =>
  (raw: unknown, pointer: string): Coerced => {
    if (typeof raw !== 'string') return kept(raw, is(raw));
    const value = readNumber(bare(fenced(raw) ?? raw), whole);
    return is(value) ? mended(pointer, raw, value, 'number_from_text') : kept(raw, false);
  };

const coerceShare = numberCoercer(isProbability, false);

/** A probability may be a text with a percent sign. A bare 90 could be anything, and is not taken for 90 %. */
export function coerceProbability(raw: unknown, pointer: string): Coerced {
  const text = typeof raw === 'string' ? bare(fenced(raw) ?? raw) : '';
  if (!text.endsWith('%')) return coerceShare(raw, pointer);
  const digits = bare(text.slice(0, -1));
  const value = decimal.test(digits) && digits.length <= maxDigits ? finite(`${digits}e-2`) : undefined;
  return isProbability(value) ? mended(pointer, raw, value, 'probability_from_percent') : kept(raw, false);
}

/** Whether a value is a number from 0 to 1. */
export function isProbability(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= 1;
}

import { canonicalJson } from '../canonical-json';
import { isLongerThan } from '../texts/text-marks';
import { isCarriable } from '../values/carriable';

/** Each way in which a value is mended. */
export const coercionRules = [
  'trimmed',
  'number_from_text',
  'probability_from_percent',
  'bool_from_word',
  'enum_member',
  'date_form',
  'datetime_form',
  'datetime_as_utc',
  'url_encoded',
  'text_from_scalar',
  'null_from_text',
  'json_from_text',
  'json_from_fence',
  'json_mended',
  'list_from_lines',
  'list_from_single',
  'steps_from_text',
  'member_name',
  'member_dropped',
  'not_listed',
] as const;
export type CoercionRule = (typeof coercionRules)[number];

/** One value that was mended: where, from what, to what and by which rule. */
export interface Coercion {
  pointer: string;
  from: unknown;
  to: unknown;
  rule: CoercionRule;
}

/** What a value came to; `fits` tells whether it is of its type now, and if not it is left to be judged. */
export interface Coerced {
  readonly value: unknown;
  readonly fits: boolean;
  readonly coercions: readonly Coercion[];
}

/** A value that is left as it is. */
export const kept = (value: unknown, fits: boolean): Coerced => ({ value, fits, coercions: [] });

/** A value in the place of another. */
export const mended = (pointer: string, from: unknown, to: unknown, rule: CoercionRule): Coerced => ({
  value: to,
  fits: true,
  coercions: [{ pointer, from, to, rule }],
});

/** Two steps on the same value, one after the other. */
export const andThen = (first: Coerced, { value, fits, coercions }: Coerced): Coerced => ({
  value,
  fits,
  coercions: [...first.coercions, ...coercions],
});

/** Bounds of what an execution tells of its coercions: how many, and how much of a value. */
export const coercionLimits = { listed: 100, shownCharacters: 500 } as const;

/** The coercions as an execution tells them: the last entry says how many more there were. */
export function listCoercions(coercions: readonly Coercion[]): Coercion[] {
  const { listed } = coercionLimits;
  const told = coercions.slice(0, listed).map(({ pointer, from, to, rule }) => ({
    pointer: cut(pointer),
    from: shown(from),
    to: shown(to),
    rule,
  }));
  const more = coercions.length - listed;
  return more > 0 ? [...told, { pointer: '', from: null, to: more, rule: 'not_listed' }] : told;
}

function shown(value: unknown): unknown {
  if (typeof value === 'string') return cut(value.replace(/[\0\p{Surrogate}]/gu, '\ufffd'));
  if (!isCarriable(value)) return null;
  const text = canonicalJson(value);
  return isLongerThan(text, coercionLimits.shownCharacters) ? cut(text) : value;
}

function cut(text: string): string {
  const { shownCharacters } = coercionLimits;
  if (!isLongerThan(text, shownCharacters)) return text;
  return `${Array.from(text.slice(0, 2 * shownCharacters))
    .slice(0, shownCharacters)
    .join('')}…`;
}

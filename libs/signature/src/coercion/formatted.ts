import { canonicalJson } from '../canonical-json';
import { unwrapped } from '../texts/text-marks';
import { isCarriableText, isScalar } from '../values/carriable';
import { isDate, isDateTime, isEmail, isImage, isUrl } from '../values/formats';
import { kept, mended, type Coerced, type CoercionRule } from './coercion';

/** Takes a text as it is; a number, true and false are written as in JSON. */
export function coerceText(raw: unknown, pointer: string): Coerced {
  if (typeof raw === 'string') return kept(raw, isCarriableText(raw));
  if (!isScalar(raw)) return kept(raw, false);
  return mended(pointer, raw, canonicalJson(raw), 'text_from_scalar');
}

interface Fixed {
  text: string;
  rule: CoercionRule;
}

/** The coercer of a text of a certain form; `fix` gives what is nearly of it that form. */
const formCoercer =
  (is: (text: string) => boolean, fix: (text: string) => Fixed | undefined = () => undefined) =>
  (raw: unknown, pointer: string): Coerced => {
    if (typeof raw !== 'string' || is(raw)) return kept(raw, typeof raw === 'string');
    const inner = unwrapped(raw);
    if (is(inner)) return mended(pointer, raw, inner, 'trimmed');
    const fixed = fix(inner);
    return fixed !== undefined && is(fixed.text) ? mended(pointer, raw, fixed.text, fixed.rule) : kept(raw, false);
  };

// The year first: then all the world writes the month before the day.
const day = '([0-9]{4})([-/.])([0-9]{1,2})\\2([0-9]{1,2})';
const nearlyDate = new RegExp(`^${day}(?:[Tt ]00:00(?::00(?:\\.0+)?)?(?:[Zz]|[+-]00:00)?)?$`);
const nearlyDateTime = new RegExp(
  `^${day}(?:[Tt]|[ \\t]+)([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(\\.[0-9]+)?)?[ \\t]*(?:([Zz]|UTC|GMT)|([+-][0-9]{2})(?::?([0-9]{2}))?)?$`,
);

const twoDigits = (digits: string): string => digits.padStart(2, '0');

function fixDate(text: string): Fixed | undefined {
  const [whole, year, , month = '', dayOfMonth = ''] = nearlyDate.exec(text) ?? [];
  if (whole === undefined) return undefined;
  return { text: `${year}-${twoDigits(month)}-${twoDigits(dayOfMonth)}`, rule: 'date_form' };
}

function fixDateTime(text: string): Fixed | undefined {
  const found = nearlyDateTime.exec(text);
  if (found === null) return undefined;
  const [, year, , month = '', dayOfMonth = '', hour = '', minute, second = '00', fraction = '', utc, offset] = found;
  const zone = offset === undefined ? 'Z' : `${offset}:${found[11] ?? '00'}`;
  const date = `${year}-${twoDigits(month)}-${twoDigits(dayOfMonth)}`;
  const rule = offset === undefined && utc === undefined ? 'datetime_as_utc' : 'datetime_form';
  return { text: `${date}T${twoDigits(hour)}:${minute}:${second}${fraction}${zone}`, rule };
}

function fixUrl(text: string): Fixed | undefined {
  if (!isCarriableText(text)) return undefined;
  return { text: text.replace(/[^\0-\x7f]/gu, encodeURIComponent), rule: 'url_encoded' };
}

// Without a zone a time is taken for UTC: models rarely say one.
export const coerceDate = formCoercer(isDate, fixDate);
export const coerceDateTime = formCoercer(isDateTime, fixDateTime);
export const coerceUrl = formCoercer(isUrl, fixUrl);
export const coerceEmail = formCoercer(isEmail);
export const coerceImage = formCoercer((text) => isImage(text) && isCarriableText(text));

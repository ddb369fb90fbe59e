import type { CoercionRule } from '../coercion/coercion';
import { readLenient } from './lenient-json';
import { bare, isLongerThan, strip } from './text-marks';

/** Texts longer than this are not mended: nobody could read them, and it takes its time. */
export const maxMendedCharacters = 200_000;

const fence = '```';
const fenceInfo = /^(?:[A-Za-z0-9_-]*[ \t]*\r?\n|json[ \t]+)/i;
const opensBracket = /^[{[]/;

/** What stands in the only code fence of a text, if there is one. */
export function fenced(text: string): string | undefined {
  const open = text.indexOf(fence);
  if (open === -1) return undefined;
  const close = text.indexOf(fence, open + fence.length);
  if (close !== -1 && text.includes(fence, close + fence.length)) return undefined;
  const body = text.slice(open + fence.length, close === -1 ? text.length : close);
  return strip(body.replace(fenceInfo, ''));
}

/** Reads the list or object that a text is, or has in its only code fence, also in a form that has to be mended. */
export function readJsonText(text: string): { value: object; rule: CoercionRule } | undefined {
  if (isLongerThan(text, maxMendedCharacters)) return undefined;
  const body = fenced(text);
  const source = strip(body ?? text);
  const candidate = opensBracket.test(source) ? source : bare(source);
  const value = parse(candidate);
  if (value !== undefined) return { value, rule: body === undefined ? 'json_from_text' : 'json_from_fence' };
  const found = opensBracket.test(candidate) ? readLenient(candidate) : undefined;
  if (found === undefined || bare(candidate.slice(found.end)) !== '') return undefined;
  return { value: found.value as object, rule: 'json_mended' };
}

function parse(text: string): object | undefined {
  if (!opensBracket.test(text)) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

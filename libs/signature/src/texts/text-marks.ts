const blanks =
  ' \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff';
const around = `${blanks}*_\`"'“”‘’`;
const after = '.,;:!';
const pairs = new Map([...'``""\'\'**__<>“”‘’'.matchAll(/../gu)].map(([pair]) => [pair[0], pair[1]]));
const maxPairs = 8;

/** Whether a text has more than so many code points. */
export function isLongerThan(text: string, characters: number): boolean {
  if (text.length <= characters) return false;
  return text.length > 2 * characters || Array.from(text).length > characters;
}

/** A text without blanks at its ends. */
export const strip = (text: string): string => stripOf(text, blanks, blanks);

/** A text without what models put around a word: blanks, quotes, marks of Markdown and the full stop. */
export function bare(text: string): string {
  return stripOf(stripOf(stripOf(text, around, around), '', after), around, around);
}

/** A text without blanks, and without quotes and marks that stand on both sides of it. */
export function unwrapped(text: string): string {
  let inner = strip(text);
  for (let count = 0; count < maxPairs; count += 1) {
    const close = inner.length > 1 ? pairs.get(inner.charAt(0)) : undefined;
    if (close === undefined || !inner.endsWith(close)) break;
    inner = strip(inner.slice(1, -1));
  }
  return inner;
}

/** A text without what models change in names and words: case, punctuation and blanks. */
export const plain = (text: string): string => text.replace(/[\p{P}\p{S}\p{Z}\p{Cc}\p{Cf}]+/gu, '').toLowerCase();

function stripOf(text: string, atStart: string, atEnd: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && atStart.includes(text.charAt(start))) start += 1;
  while (end > start && atEnd.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

/** A text that every store takes: Postgres takes no U+0000 and no half of a surrogate pair, both of which a model may have written. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

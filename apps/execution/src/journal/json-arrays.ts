/** The records as JSON arrays of at most `maxChars` characters, in order; a record that has more is in one of its own. */
export function jsonArrays(records: object[], maxChars: number): string[] {
  const arrays: string[] = [];
  let texts: string[] = [];
  let chars = 0;
  for (const record of records) {
    const text = JSON.stringify(record);
    if (texts.length > 0 && chars + text.length > maxChars) {
      arrays.push(`[${texts.join(',')}]`);
      texts = [];
      chars = 0;
    }
    texts.push(text);
    chars += text.length;
  }
  return [...arrays, `[${texts.join(',')}]`];
}

/** Whether Postgres and RFC 8785 can carry a text: well-formed Unicode without the character U+0000. */
export function isStorableText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

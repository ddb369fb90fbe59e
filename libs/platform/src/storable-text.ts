import { ValidationFailedError } from './errors';

/** Whether Postgres and RFC 8785 can carry a text: well-formed Unicode without the character U+0000. */
export function isStorableText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** Whether that holds for every text in a JSON value, and for the names of its members. */
export function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return isStorableText(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, member]) => isStorableText(name) && isStorable(member));
}

/** Throws ValidationFailedError for values, by the member that holds them, with texts which neither Postgres nor RFC 8785 can carry. */
export function checkStorable(members: Record<string, unknown>): void {
  const errors = Object.entries(members)
    .filter(([, value]) => !isStorable(value))
    .map(([member]) => ({
      pointer: `/${member}`,
      code: 'invalid_text',
      message: `"${member}" must be Unicode text without the character U+0000 and without halves of surrogate pairs.`,
    }));
  if (errors.length > 0) throw new ValidationFailedError(errors.map(({ message }) => message).join(' '), errors);
}

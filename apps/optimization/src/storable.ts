import { isStorableText, ValidationFailedError } from '@dspy-nest/platform';

/** Throws ValidationFailedError for a member of a request with a text, anywhere in it, that neither Postgres nor RFC 8785 can carry. */
export function refuseUnstorable(member: string, value: unknown): void {
  if (isStorable(value)) return;
  const message = `"${member}" must be Unicode text without the character U+0000 and without halves of surrogate pairs.`;
  throw new ValidationFailedError(message, [{ pointer: `/${member}`, code: 'invalid_text', message }]);
}

function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return isStorableText(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, member]) => isStorableText(name) && isStorable(member));
}

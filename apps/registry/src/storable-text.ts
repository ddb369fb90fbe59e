import { isStorableText, ValidationFailedError } from '@dspy-nest/platform';

/** Throws ValidationFailedError for texts, by the member that holds them, which neither Postgres nor RFC 8785 can carry. */
export function checkStorable(texts: Record<string, string | null | undefined>): void {
  const errors = Object.entries(texts)
    .filter(([, text]) => typeof text === 'string' && !isStorableText(text))
    .map(([member]) => ({
      pointer: `/${member}`,
      code: 'invalid_text',
      message: `"${member}" must be Unicode text without the character U+0000 and without halves of surrogate pairs.`,
    }));
  if (errors.length > 0) throw new ValidationFailedError(errors.map(({ message }) => message).join(' '), errors);
}

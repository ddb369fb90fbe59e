import type { z } from 'zod';
import { ValidationFailedError } from './errors';

/** RFC 6901 pointer of a path. */
function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The ValidationFailedError that says what zod found, one item with a JSON pointer for each place. */
export function fromZodError(error: z.ZodError): ValidationFailedError {
  const items = error.issues.map(({ path, code, message }) => ({
    pointer: pointerOf(path),
    code: code ?? 'invalid',
    message,
  }));
  const places = items.map((item) => item.pointer || '(document)').join(', ');
  return new ValidationFailedError(`The request breaks the rules at ${places}; "errors" says how.`, items);
}

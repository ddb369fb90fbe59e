import { ValidationFailedError } from '@dspy-nest/platform';

/** The error for a cursor that no page gave. */
export function badCursor(cause?: unknown): ValidationFailedError {
  const message = 'The cursor is not one that this list gave; leave it out to start from the beginning.';
  return new ValidationFailedError(message, [{ pointer: '/cursor', code: 'bad_cursor', message }], { cause });
}

/** An opaque, URL-safe text for the values. */
export function encodeCursor(values: unknown[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** The values of a cursor; throws ValidationFailedError when it is none. */
export function decodeCursor(cursor: string): unknown[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(values)) return values;
  } catch (cause) {
    throw badCursor(cause);
  }
  throw badCursor();
}

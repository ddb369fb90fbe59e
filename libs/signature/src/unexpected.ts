import type { Cursor } from './cursor';
import type { peekToken } from './scan';
import type { Fault } from './errors';

export const writeExpectedMessage = <Expected extends string, Found extends string>(
  expected: Expected,
  found: Found,
): writeExpectedMessage<Expected, Found> => `Expected ${expected}, found ${found}.`;
export type writeExpectedMessage<
  Expected extends string,
  Found extends string,
> = `Expected ${Expected}, found ${Found}.`;

/** Reports that something else stands where `expected` must, and leaves the field. */
export function failExpected(cursor: Cursor, expected: string, hint?: string): never {
  const found = cursor.peekToken();
  return cursor.fail('unexpected_text', writeExpectedMessage(expected, found.text), found, hint);
}
export type failExpected<Expected extends string, Rest extends string> = Fault<
  writeExpectedMessage<Expected, peekToken<Rest>>
>;

import { Cursor, FieldAborted, TextAborted } from '../cursor';
import type { SignatureError } from '../errors';
import { parseField } from '../grammar';
import { checkName, type Place } from '../name';
import { printField } from '../print';
import type { Field } from '../spec';

// The parser is the one judge of what a field may say: it is asked about a schema's fields as about anybody's text.

/** What is wrong with a name, which is then taken. */
export function findNameErrors(name: string, place: Place, taken: Set<string>): SignatureError[] {
  return errorsOf(name, (cursor) => checkName(cursor, name, { offset: 0, length: name.length }, place, taken));
}

/** What is wrong with a field of a good name: limits, enums, defaults, depth. */
export function findFieldErrors(field: Field, place: Place): SignatureError[] {
  return errorsOf(printField(field), (cursor) => parseField(cursor, place, new Set()));
}

function errorsOf(text: string, read: (cursor: Cursor) => void): SignatureError[] {
  const cursor = new Cursor(text);
  try {
    read(cursor);
  } catch (error) {
    if (!(error instanceof FieldAborted || error instanceof TextAborted)) throw error;
  }
  return cursor.errors;
}

import { FieldAborted, type Cursor } from './cursor';
import { skipItem } from './skip';
import { failExpected } from './unexpected';

/** What stands between brackets or on a side of the arrow, joined by commas. */
interface Items {
  /** The bracket that ends them; a side of the arrow has none. */
  close?: ']' | '}' | ')';
  /** The field they belong to; a side of the arrow has none. */
  field?: string;
  atEnd: () => boolean;
  readItem: () => void;
  /** What may follow the item read last, for a message. */
  separators: () => string;
  hint?: string;
}

/**
 * Reads items, with or without a comma after the last. One in error is left at its end, so that those after it are judged
 * too; false says that there was one.
 */
export function parseItems(cursor: Cursor, items: Items): boolean {
  let clean = true;
  do {
    clean = parseItem(cursor, items) && clean;
  } while (cursor.take(',') && !items.atEnd());
  return clean;
}

/** `parseItems` up to the bracket that closes them, which is taken. */
export function parseBracketed(cursor: Cursor, items: Omit<Items, 'atEnd'> & { close: string }): boolean {
  const clean = parseItems(cursor, { ...items, atEnd: () => cursor.startsWith(items.close) });
  cursor.take(items.close);
  return clean;
}

function parseItem(cursor: Cursor, items: Items): boolean {
  const start = cursor.offset;
  const atItemEnd = (): boolean => cursor.startsWith(',') || items.atEnd();
  try {
    items.readItem();
    return atItemEnd() || failExpected(cursor, items.separators(), items.hint);
  } catch (error) {
    if (!(error instanceof FieldAborted)) throw error;
    skipItem(cursor, start, items);
    if (!atItemEnd()) throw error;
    return false;
  }
}

import type { Cursor } from './cursor';
import { atQuote, skipQuoted } from './quoted';

const piece = /[^"'[\](){},=>-]+|[^]/y;
const depthChange: ReadonlyMap<string, number> = new Map([
  ...['[', '(', '{'].map((open) => [open, 1] as const),
  ...[']', ')', '}'].map((close) => [close, -1] as const),
]);

/** Moves behind the bracket that closes the one at hand; before the arrow or at the end when nothing closes it. */
export function skipBrackets(cursor: Cursor, field: string): void {
  let depth = 0;
  do {
    if (cursor.atEnd || cursor.startsWith('->')) return;
    depth += skipPiece(cursor, field);
  } while (depth > 0);
  cursor.skipBlank();
}

/**
 * Moves from the start of an item in error to its end: a comma outside brackets, the arrow, the end of the text or, for items
 * in brackets, the bracket that closes them or any other that nothing opened.
 */
export function skipItem(cursor: Cursor, start: number, { close, field }: { close?: string; field?: string }): void {
  const reached = cursor.offset;
  if (cursor.atEnd || cursor.startsWith('->')) return;
  cursor.offset = start;
  const inField = field ?? cursor.takeWord().text;
  cursor.offset = start;
  let depth = 0;
  while (!cursor.atEnd && !cursor.startsWith('->')) {
    if (depth === 0 && cursor.offset >= reached && atItemEnd(cursor, close !== undefined)) return;
    depth = Math.max(0, depth + skipPiece(cursor, inField));
  }
}

function atItemEnd(cursor: Cursor, inBrackets: boolean): boolean {
  const next = cursor.text.charAt(cursor.offset);
  return next === ',' || cursor.startsWith('=>') || (inBrackets && depthChange.get(next) === -1);
}

// Strings are moved over as a whole: what stands in them means nothing here.
function skipPiece(cursor: Cursor, field: string): number {
  if (!atQuote(cursor)) return depthChange.get(cursor.match(piece)) ?? 0;
  skipQuoted(cursor, field);
  return 0;
}

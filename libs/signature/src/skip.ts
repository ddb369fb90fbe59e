import type { Cursor } from './cursor';

// A whole string, an arrow or one character: every position is looked at a fixed number of times.
const piece = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|->|[^]/y;
const depthChange: ReadonlyMap<string, number> = new Map([
  ...['[', '(', '{'].map((open) => [open, 1] as const),
  ...[']', ')', '}'].map((close) => [close, -1] as const),
]);

/** Moves behind the bracket that closes the one at hand; before the arrow or at the end when nothing closes it. */
export function skipBrackets(cursor: Cursor): void {
  let depth = 0;
  do {
    if (cursor.atEnd || cursor.startsWith('->')) return;
    depth += depthChange.get(cursor.match(piece)) ?? 0;
  } while (depth > 0);
  cursor.skipBlank();
}

/** Moves from the start of a field in error to its end: a comma outside brackets, the arrow or the end of the text. */
export function skipField(cursor: Cursor, fieldStart: number): void {
  const reached = cursor.offset;
  cursor.offset = fieldStart;
  let depth = 0;
  while (!cursor.atEnd && !cursor.startsWith('->')) {
    if (depth === 0 && cursor.startsWith(',') && cursor.offset >= reached) return;
    depth = Math.max(0, depth + (depthChange.get(cursor.match(piece)) ?? 0));
  }
}

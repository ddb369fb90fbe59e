import type { ParseOptions } from '@dspy-nest/signature';

/** A stretch of a definition's text, from `at` on, that stands in its file at `offset`, where it takes `length` characters. */
export interface Stretch {
  readonly at: number;
  readonly offset: number;
  readonly length: number;
}

/** A definition found in a file: what it says, and where in the file each part of it stands. */
export interface FoundDefinition {
  readonly text: string;
  /** In the order of `at`; the first is at 0. */
  readonly stretches: readonly Stretch[];
  readonly options: Pick<ParseOptions, 'name' | 'instructions'>;
}

/** A piece of text to point at. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** A definition that is the whole of its text, as one given on the command line. */
export function wholeText(text: string): FoundDefinition {
  return { text, stretches: [{ at: 0, offset: 0, length: text.length }], options: {} };
}

/** The order in which definitions stand in their file. */
export function byPlace(a: FoundDefinition, b: FoundDefinition): number {
  return offsetInFile(a, 0) - offsetInFile(b, 0);
}

/** Where a piece of a definition stands in its file; at least one character long. */
export function spanInFile(definition: FoundDefinition, { offset, length }: Span): Span {
  const start = offsetInFile(definition, offset);
  const last = offsetInFile(definition, offset + Math.max(length, 1) - 1);
  return { offset: start, length: Math.max(last - start, 0) + 1 };
}

function offsetInFile({ stretches }: FoundDefinition, offset: number): number {
  const stretch = stretches.findLast(({ at }) => at <= offset);
  return stretch === undefined ? 0 : stretch.offset + Math.min(offset - stretch.at, stretch.length);
}

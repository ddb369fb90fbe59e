import { PatternRefused } from './pattern-node';
import { PatternProgram } from './pattern-program';
import { readPattern } from './read-pattern';

/** Texts longer than this (in UTF-16 units) match no pattern: an automaton of many steps takes its time for each character. */
export const maxPatternedLength = 100_000;

/** A pattern, ready to be looked for in texts. */
export interface Pattern {
  test(text: string): boolean;
}

/**
 * Makes the matcher of a `pattern` constraint: what `new RegExp(text, 'u')` finds, in time linear in the text. Throws
 * `SyntaxError` for what is no regular expression and `PatternRefused` for what is beyond the common subset.
 */
export function compilePattern(text: string): Pattern {
  new RegExp(text, 'u');
  const program = new PatternProgram(readPattern(text));
  return { test: (value) => value.length <= maxPatternedLength && program.test(value) };
}

/** What is wrong with a pattern, if anything. */
export function findPatternFault(
  text: string,
): { problem: string; hint?: string; code: 'invalid_constraint' | 'unsupported_pattern' } | undefined {
  try {
    compilePattern(text);
    return undefined;
  } catch (error) {
    if (error instanceof PatternRefused) {
      return { problem: error.problem, hint: error.hint, code: 'unsupported_pattern' };
    }
    return { problem: 'is not a valid regular expression', code: 'invalid_constraint' };
  }
}

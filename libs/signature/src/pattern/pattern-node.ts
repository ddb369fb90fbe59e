import type { CharacterTest } from './character-set';

/** A pattern as read: what one character, one place or several of them in a row, by choice or again and again must be. */
export type PatternNode =
  | { kind: 'character'; test: CharacterTest; weight: number }
  | { kind: 'start' | 'end' | 'boundary' }
  | { kind: 'sequence'; parts: PatternNode[] }
  | { kind: 'choice'; options: PatternNode[] }
  | { kind: 'repeat'; of: PatternNode; min: number; max: number };

/** Why a pattern is refused: `problem` follows the words "Constraint "pattern" of field "x"". */
export class PatternRefused extends Error {
  readonly problem: string;
  readonly hint: string;

  constructor(problem: string, hint: string) {
    super(problem);
    this.problem = problem;
    this.hint = hint;
  }
}

import type { FieldKind } from '../metric-kind';
import { scoreWords } from '../text-answers';

/** 1 if the words expected stand in the answer, side by side; words are normalised, and no words are found in no words only. */
export const contains: FieldKind = {
  kind: 'contains',
  settings: {},
  score: (expected, given) => scoreWords(expected, given, (right, words) => (holds(words, right) ? 1 : 0)),
};

function holds(words: readonly string[], right: readonly string[]): boolean {
  if (right.length === 0) return words.length === 0;
  return ` ${words.join(' ')} `.includes(` ${right.join(' ')} `);
}

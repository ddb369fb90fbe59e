import type { FieldKind } from '../metric-kind';
import { scoreWords } from '../text-answers';

/**
 * The harmonic mean of precision and recall over normalised words, each counted as often as it stands there (SQuAD's F1). If one
 * side has no words, the score is 1 for neither having any, else 0.
 */
export const tokenF1: FieldKind = {
  kind: 'token_f1',
  settings: {},
  score: (expected, given) => scoreWords(expected, given, overlap),
};

function overlap(right: readonly string[], words: readonly string[]): number {
  if (right.length === 0 || words.length === 0) return right.length === words.length ? 1 : 0;
  const left = new Map<string, number>();
  for (const word of right) left.set(word, (left.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of words) {
    const count = left.get(word) ?? 0;
    if (count === 0) continue;
    shared += 1;
    left.set(word, count - 1);
  }
  // 2PR / (P + R), without the rounding of two divisions.
  return (2 * shared) / (right.length + words.length);
}

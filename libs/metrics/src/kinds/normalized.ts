import type { FieldKind } from '../metric-kind';
import { scoreWords } from '../text-answers';

/** 1 if the answer has the same words in the same order: case, space, punctuation and articles aside (SQuAD's exact match). */
export const normalized: FieldKind = {
  kind: 'normalized',
  settings: {},
  score: (expected, given) =>
    scoreWords(expected, given, (right, words) => (right.join(' ') === words.join(' ') ? 1 : 0)),
};

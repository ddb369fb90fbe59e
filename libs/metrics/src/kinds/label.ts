import type { FieldKind } from '../metric-kind';
import { isSameJson } from '../text-answers';

/** 1 if the answer is the label expected. Over many examples it gives precision, recall and F1 for each label (`labelTable`). */
export const label: FieldKind = {
  kind: 'label',
  settings: {},
  score: (expected, given) => (isSameJson(expected, given) ? 1 : 0),
};

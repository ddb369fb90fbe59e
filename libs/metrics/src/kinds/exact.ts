import type { FieldKind } from '../metric-kind';
import { isSameJson } from '../text-answers';

/** 1 if the answer is the same JSON value: letter by letter, the order of keys aside. */
export const exact: FieldKind = {
  kind: 'exact',
  settings: {},
  score: (expected, given) => (isSameJson(expected, given) ? 1 : 0),
};

import type { FieldKind, MetricDefinition } from '../metric-kind';
import { amount } from '../setting';

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const DEFAULT_RELATIVE = 1e-9;

/**
 * 1 if the answer is a number as near as asked: within `absolute`, or within the share `relative` of the number expected; the wider
 * holds (as Python's `math.isclose`, but measured by what was expected). A text that is a number counts as it.
 */
export const numeric: FieldKind = {
  kind: 'numeric',
  settings: { absolute: amount(), relative: amount() },
  score(expected, given, metric) {
    const right = numberOf(expected);
    const found = numberOf(given);
    if (right === undefined || found === undefined) return 0;
    return Math.abs(found - right) <= tolerance(right, metric) ? 1 : 0;
  },
};

function tolerance(right: number, { absolute, relative }: MetricDefinition): number {
  const share = typeof relative === 'number' ? relative : DEFAULT_RELATIVE;
  return Math.max(typeof absolute === 'number' ? absolute : 0, share * Math.abs(right));
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && NUMBER.test(value.trim()) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

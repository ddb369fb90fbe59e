import { compilePattern, type Pattern } from '../pattern/pattern';
import type { Constraints } from '../spec';

const patterns = new WeakMap<Constraints, Pattern>();

/** Whether a value of the right type keeps to its constraints. */
export function isWithin(value: unknown, limits: Constraints): boolean {
  if (typeof value === 'number') return isBetween(value, limits.min, limits.max);
  if (Array.isArray(value)) return isBetween(value.length, limits.minItems, limits.maxItems);
  if (typeof value !== 'string') return true;
  return isBetween(Array.from(value).length, limits.minLength, limits.maxLength) && hasPattern(value, limits);
}

const isBetween = (value: number, min = -Infinity, max = Infinity): boolean => value >= min && value <= max;

function hasPattern(value: string, limits: Constraints): boolean {
  if (limits.pattern === undefined) return true;
  const pattern = patterns.get(limits) ?? compilePattern(limits.pattern);
  patterns.set(limits, pattern);
  return pattern.test(value);
}

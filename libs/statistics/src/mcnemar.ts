import { erfc } from './normal';
import { StatisticsError } from './statistics-error';

/** Three p-values for "both are right equally often", of pairs where only one was right. Two-sided. */
export interface McNemar {
  readonly exact: number;
  readonly midP: number;
  /** By the chi-squared distribution with the correction for continuity; 1 if no pair differs. */
  readonly chiSquared: number;
}

/** McNemar's test of paired right and wrong answers: `onlyFirst` and `onlySecond` count the pairs that differ (Psychometrika 12, 1947). */
export function mcnemar(onlyFirst: number, onlySecond: number): McNemar {
  for (const count of [onlyFirst, onlySecond])
    if (!Number.isInteger(count) || count < 0)
      throw new StatisticsError(`${count} pairs cannot be; give a whole number that is not negative.`);
  const pairs = onlyFirst + onlySecond;
  if (pairs === 0) return { exact: 1, midP: 1, chiSquared: 1 };
  const fewer = Math.min(onlyFirst, onlySecond);
  const { upTo, at } = halfBinomial(fewer, pairs);
  const distance = Math.max(0, Math.abs(onlyFirst - onlySecond) - 1);
  return {
    exact: Math.min(1, 2 * upTo),
    midP: Math.min(1, 2 * upTo - at),
    chiSquared: erfc(Math.sqrt((distance * distance) / pairs / 2)),
  };
}

/** Of a binomial with p = 1/2: the probabilities of at most, and of exactly, `k`. Weights against the middle one neither overflow nor need a logarithm. */
function halfBinomial(k: number, n: number): { upTo: number; at: number } {
  const middle = Math.floor(n / 2);
  const weights = new Float64Array(middle + 1);
  weights[middle] = 1;
  for (let i = middle; i > 0; i -= 1) weights[i - 1] = ((weights[i] ?? 0) * i) / (n - i + 1);
  const lower = weights.reduce((sum, weight) => sum + weight, 0);
  const total = n % 2 === 0 ? 2 * lower - 1 : 2 * lower;
  const upTo = weights.subarray(0, k + 1).reduce((sum, weight) => sum + weight, 0);
  return { upTo: upTo / total, at: (weights[k] ?? 0) / total };
}

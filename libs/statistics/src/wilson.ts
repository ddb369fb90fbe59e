import type { Interval } from './interval';
import { normalQuantile } from './normal';
import { StatisticsError } from './statistics-error';

/**
 * The Wilson interval of a share: `successes` of `trials` (E. B. Wilson, JASA 22, 1927). Unlike the usual ± it stays within 0 and 1
 * and is honest for few trials and for shares near the ends.
 */
export function wilsonInterval(successes: number, trials: number, level: number): Interval {
  if (!Number.isInteger(trials) || trials < 1)
    throw new StatisticsError(`${trials} trials give no interval; at least one is needed.`);
  if (!Number.isInteger(successes) || successes < 0 || successes > trials)
    throw new StatisticsError(`${successes} successes of ${trials} trials cannot be; give a whole number of them.`);
  const z = normalQuantile((1 + level) / 2);
  const share = successes / trials;
  const scale = 1 + (z * z) / trials;
  const centre = (share + (z * z) / (2 * trials)) / scale;
  const half = (z * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials))) / scale;
  const low = successes === 0 ? 0 : centre - half;
  const high = successes === trials ? 1 : centre + half;
  return { low, high, level, method: 'wilson' };
}

import { bootstrapInterval } from './bootstrap';
import type { Interval } from './interval';
import { normalQuantile } from './normal';
import { assertSample, mean } from './sample';
import { wilsonInterval } from './wilson';

/** How sure a figure is to be, and the seed that makes it the same each time. */
export interface Confidence {
  readonly level: number;
  readonly seed: number;
}

export const RESAMPLES = 2_000;
// Beyond, a mean of bounded scores is normal to more digits than anyone reads, and a bootstrap would take seconds.
export const MAX_RESAMPLED = 20_000;

/** Where the true mean score is: Wilson's interval for scores of 0 and 1, else a bootstrap; by the normal distribution for many. */
export function scoreInterval(scores: readonly number[], confidence: Confidence): Interval {
  assertSample(scores, 'scores');
  if (!scores.every((score) => score === 0 || score === 1)) return meanInterval(scores, confidence);
  return wilsonInterval(scores.filter((score) => score === 1).length, scores.length, confidence.level);
}

/** Where the true mean is, of any values. */
export function meanInterval(values: readonly number[], { level, seed }: Confidence): Interval {
  if (values.length > MAX_RESAMPLED) return normalInterval(values, level);
  return bootstrapInterval(values, { level, seed, resamples: RESAMPLES, method: 'bca' });
}

function normalInterval(values: readonly number[], level: number): Interval {
  const centre = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
  const half = normalQuantile((1 + level) / 2) * Math.sqrt(variance / values.length);
  return { low: centre - half, high: centre + half, level, method: 'normal' };
}

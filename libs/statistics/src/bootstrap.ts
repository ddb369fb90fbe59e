import type { Interval } from './interval';
import { normalCdf, normalQuantile } from './normal';
import { SeededRandom } from './random';
import { assertSample, mean, quantile } from './sample';

/** How a bootstrap interval is made. */
export interface BootstrapOptions {
  readonly level: number;
  readonly resamples: number;
  readonly seed: number;
  readonly method: 'percentile' | 'bca';
}

/**
 * The bootstrap interval of a mean: percentile, or bias-corrected and accelerated (B. Efron, JASA 82, 1987). For paired values give
 * the differences. Values that are all alike have an interval of no width.
 */
export function bootstrapInterval(values: readonly number[], options: BootstrapOptions): Interval {
  assertSample(values, 'values of a bootstrap');
  const { level, method } = options;
  const sample = Float64Array.from(values);
  const first = sample[0] ?? 0;
  if (sample.every((value) => value === first)) return { low: first, high: first, level, method };
  const means = resampledMeans(sample, options);
  const tail = (1 - level) / 2;
  const [from, to] = method === 'bca' ? correctedTails(sample, means, tail) : [tail, 1 - tail];
  means.sort();
  return { low: quantile(means, from), high: quantile(means, to), level, method };
}

function resampledMeans(sample: Float64Array, { resamples, seed }: BootstrapOptions): Float64Array {
  const random = new SeededRandom(seed);
  const drawn = new Float64Array(sample.length);
  return Float64Array.from({ length: resamples }, () => {
    for (let index = 0; index < drawn.length; index += 1) drawn[index] = sample[random.below(sample.length)] ?? 0;
    return mean(drawn);
  });
}

/** The shares of the resampled means between which the interval lies, moved for their bias and the skew of the sample. */
function correctedTails(sample: Float64Array, means: Float64Array, tail: number): [number, number] {
  const centre = mean(sample);
  const bias = normalQuantile(clampShare(shareBelow(means, centre), means.length));
  const acceleration = accelerationOf(sample, centre);
  const moved = (z: number): number => normalCdf(bias + (bias + z) / (1 - acceleration * (bias + z)));
  return [moved(normalQuantile(tail)), moved(normalQuantile(1 - tail))];
}

/** Ties count by half, as scipy does: means of whole numbers often meet the centre. */
function shareBelow(means: Float64Array, centre: number): number {
  let below = 0;
  for (const value of means) below += value < centre ? 1 : value === centre ? 0.5 : 0;
  return below / means.length;
}

/** All means on one side would give an infinite bias, and no interval. */
function clampShare(share: number, count: number): number {
  const least = 0.5 / count;
  return Math.min(1 - least, Math.max(least, share));
}

/** From the jackknife; for a mean it needs no second pass over the sample for each value left out. */
function accelerationOf(sample: Float64Array, centre: number): number {
  let squares = 0;
  let cubes = 0;
  for (const value of sample) {
    const off = value - centre;
    squares += off * off;
    cubes += off * off * off;
  }
  const scale = 6 * squares ** 1.5;
  // Differences too small to be squared have no skew that could be seen.
  return scale === 0 ? 0 : cubes / scale;
}

import { StatisticsError } from './statistics-error';

/** The mean. Kahan's sum: a million small scores must not lose their last digits. */
export function mean(values: Float64Array | readonly number[]): number {
  let sum = 0;
  let lost = 0;
  for (const value of values) {
    const term = value - lost;
    const next = sum + term;
    lost = next - sum - term;
    sum = next;
  }
  return sum / values.length;
}

/** A quantile of sorted values, linear between neighbours: what numpy does by default. */
export function quantile(sorted: Float64Array, p: number): number {
  const place = (sorted.length - 1) * p;
  const below = Math.floor(place);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN;
  const share = place - below;
  // As numpy: from the nearer end, so that both ends are met exactly.
  return share < 0.5 ? low + (high - low) * share : high - (high - low) * (1 - share);
}

/** Refuses what no figure could be made of. */
export function assertSample(values: readonly number[], what: string): void {
  if (values.length === 0) throw new StatisticsError(`There are no ${what}; at least one is needed.`);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new StatisticsError(`Value ${bad} of the ${what} is ${values[bad]}; every one must be a finite number.`);
}

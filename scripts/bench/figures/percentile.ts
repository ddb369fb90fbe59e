/** The smallest value that at least `percent` % of all values do not exceed (nearest rank); throws RangeError on no values. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  const value = sorted[rank - 1];
  if (value === undefined) throw new RangeError(`There is no percentile ${percent} of ${values.length} values.`);
  return value;
}

/** The percentiles that are reported, of latencies in milliseconds. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Summarises latencies; throws RangeError on none. */
export function percentiles(latenciesMs: readonly number[]): Percentiles {
  return { p50: percentile(latenciesMs, 50), p95: percentile(latenciesMs, 95), p99: percentile(latenciesMs, 99) };
}

/** The middle value; of an even number of values the mean of the two in the middle. Throws RangeError on no values. */
export function median(values: readonly number[]): number {
  return (
    (percentile(values, 50) -
      percentile(
        values.map((value) => -value),
        50,
      )) /
    2
  );
}

/** Of each percentile the median over several measurements; throws RangeError on none. */
export function medianPercentiles(all: readonly Percentiles[]): Percentiles {
  const of = (name: keyof Percentiles) => median(all.map((each) => each[name]));
  return { p50: of('p50'), p95: of('p95'), p99: of('p99') };
}

/** `a − b`, each percentile for itself: the difference of two distributions, not the distribution of differences. */
export function difference(a: Percentiles, b: Percentiles): Percentiles {
  return { p50: a.p50 - b.p50, p95: a.p95 - b.p95, p99: a.p99 - b.p99 };
}

/** One figure over time. */
export interface Series {
  readonly name: string;
  readonly unit: string;
  /** In order of time, at equal intervals. */
  readonly values: readonly number[];
  /** By how much it may seem to grow between the first and the last value without growing. */
  readonly tolerance: Tolerance;
}

/** An amount in the series' unit, or a share of its median, whichever is more. */
export interface Tolerance {
  readonly amount: number;
  readonly share: number;
}

/** How a series went. */
export interface Trend {
  readonly series: Series;
  readonly median: number;
  readonly highest: number;
  /** What it grew by over the whole time as its slope says; negative when it fell. */
  readonly drift: number;
  readonly allowed: number;
  readonly isFlat: boolean;
}

/** Judges a series by its Theil–Sen slope, which single peaks and the saw-teeth of restarts hardly move; throws RangeError on fewer than two values. */
export function trendOf(series: Series): Trend {
  const { values, tolerance } = series;
  const middle = median(values);
  const drift = theilSenSlope(values) * (values.length - 1);
  const allowed = Math.max(tolerance.amount, tolerance.share * middle);
  return { series, median: middle, highest: Math.max(...values), drift, allowed, isFlat: drift <= allowed };
}

/** The median of the slopes between all pairs of values, per interval; throws RangeError on fewer than two values. */
export function theilSenSlope(values: readonly number[]): number {
  const slopes = values.flatMap((from, start) =>
    values.slice(start + 1).map((to, distance) => (to - from) / (distance + 1)),
  );
  return median(slopes);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  if (low === undefined || high === undefined) throw new RangeError('There is no median of no values.');
  return (low + high) / 2;
}

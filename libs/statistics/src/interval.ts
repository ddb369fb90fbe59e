/** Where the true value is, at a level of confidence, and how that was found. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly level: number;
  readonly method: 'wilson' | 'percentile' | 'bca' | 'normal';
}

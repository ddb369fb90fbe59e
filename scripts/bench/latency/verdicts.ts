import { difference, type Percentiles } from '../figures/percentile';
import type { Measurement } from './measurement';
import { SERIES, type SeriesName } from './plan';

/** One demand and whether it was met. */
export interface Verdict {
  readonly demand: string;
  readonly seen: string;
  readonly isMet: boolean;
}

/** The measurement of a series in a cell, if there is one. */
export type Lookup = (series: SeriesName, delayMs: number, concurrency: number) => Measurement | undefined;

/** Looks measurements up. */
export function lookupIn(measurements: readonly Measurement[]): Lookup {
  return (series, delayMs, concurrency) =>
    measurements.find((each) => each.series === series && each.delayMs === delayMs && each.concurrency === concurrency);
}

/** How much later the platform answers one caller than bare DSPy that rests between its calls; undefined when not measured. */
export function overheadOf(look: Lookup, delayMs: number): Percentiles | undefined {
  const platform = look(SERIES.platform, delayMs, 1);
  const paced = look(SERIES.paced, delayMs, 1);
  return platform && paced && difference(platform.latencyMs, paced.latencyMs);
}

/** How many times the requests per second of `peer` the platform answers; undefined when not measured. */
export function throughputRatio(look: Lookup, peer: SeriesName, delayMs: number, callers: number): number | undefined {
  const ours = look(peer === SERIES.fastapiUnknown ? SERIES.platformUnknown : SERIES.platform, delayMs, callers);
  const theirs = look(peer, delayMs, callers);
  return ours && theirs && ours.requestsPerS / theirs.requestsPerS;
}

/** What this version of the platform has to show, where it was measured. */
export function verdictsOf(look: Lookup): Verdict[] {
  const overhead = overheadOf(look, 0);
  const atMost = (name: 'p50' | 'p99', limitMs: number): Verdict[] =>
    overhead === undefined
      ? []
      : [
          {
            demand: `overhead ${name}, one caller, model 0 ms: at most ${limitMs} ms`,
            seen: `${overhead[name].toFixed(2)} ms`,
            isMet: overhead[name] <= limitMs,
          },
        ];
  const atLeast = (peer: SeriesName, times: number, delayMs: number, callers: number): Verdict[] => {
    const ratio = throughputRatio(look, peer, delayMs, callers);
    if (ratio === undefined) return [];
    const demand = `requests per second against ${peer}, ${callers} callers, model ${delayMs} ms: at least ${times} x`;
    return [{ demand, seen: `${ratio.toFixed(2)} x`, isMet: ratio >= times }];
  };
  return [
    ...atMost('p50', 6),
    ...atMost('p99', 15),
    ...atLeast(SERIES.fastapi, 1.1, 0, 16),
    ...atLeast(SERIES.fastapi, 1.1, 50, 64),
    ...atLeast(SERIES.fastapiUnknown, 2, 0, 16),
    ...atLeast(SERIES.fastapiUnknown, 2, 50, 64),
  ];
}

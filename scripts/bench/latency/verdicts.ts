import { difference, type Percentiles } from '../figures/percentile';
import { BACKGROUND_LIMIT, type Measurement } from './measurement';
import { SERIES, type SeriesName } from './plan';

/** One demand and whether it was met. */
export interface Verdict {
  readonly demand: string;
  readonly seen: string;
  readonly isMet: boolean;
  /** Others used so much of the machine that the verdict says little. */
  readonly isDisturbed: boolean;
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
  const ours = look(ourSeries(peer), delayMs, callers);
  const theirs = look(peer, delayMs, callers);
  return ours && theirs && ours.requestsPerS / theirs.requestsPerS;
}

/** What this version of the platform has to show, where it was measured. */
export function verdictsOf(look: Lookup): Verdict[] {
  return [
    ...overheadVerdict(look, 'p50', 6),
    ...overheadVerdict(look, 'p99', 15),
    ...throughputVerdict(look, SERIES.fastapi, { times: 1.1, delayMs: 0, callers: 16 }),
    ...throughputVerdict(look, SERIES.fastapi, { times: 1.1, delayMs: 50, callers: 64 }),
    ...throughputVerdict(look, SERIES.fastapiUnknown, { times: 2, delayMs: 0, callers: 16 }),
    ...throughputVerdict(look, SERIES.fastapiUnknown, { times: 2, delayMs: 50, callers: 64 }),
  ];
}

function overheadVerdict(look: Lookup, name: 'p50' | 'p99', limitMs: number): Verdict[] {
  const overhead = overheadOf(look, 0);
  if (overhead === undefined) return [];
  return [
    {
      demand: `overhead ${name}, one caller, model 0 ms: at most ${limitMs} ms`,
      seen: `${overhead[name].toFixed(2)} ms`,
      isMet: overhead[name] <= limitMs,
      isDisturbed: isDisturbed(look(SERIES.platform, 0, 1), look(SERIES.paced, 0, 1)),
    },
  ];
}

function throughputVerdict(
  look: Lookup,
  peer: SeriesName,
  { times, delayMs, callers }: { times: number; delayMs: number; callers: number },
): Verdict[] {
  const ratio = throughputRatio(look, peer, delayMs, callers);
  if (ratio === undefined) return [];
  return [
    {
      demand: `requests per second against ${peer}, ${callers} callers, model ${delayMs} ms: at least ${times} x`,
      seen: `${ratio.toFixed(2)} x`,
      isMet: ratio >= times,
      isDisturbed: isDisturbed(look(ourSeries(peer), delayMs, callers), look(peer, delayMs, callers)),
    },
  ];
}

/** The series of the platform that a peer is held against. */
function ourSeries(peer: SeriesName): SeriesName {
  return peer === SERIES.fastapiUnknown ? SERIES.platformUnknown : SERIES.platform;
}

function isDisturbed(...measurements: readonly (Measurement | undefined)[]): boolean {
  return measurements.some((each) => each !== undefined && each.background > BACKGROUND_LIMIT);
}

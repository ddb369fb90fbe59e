import { median, medianPercentiles, percentiles, type Percentiles } from '../figures/percentile';
import type { LoadResult } from '../load/closed-loop';
import type { CpuUse } from '../processes/process-watch';
import type { Cell } from '../series/series';
import type { SeriesName } from './plan';

/** What one series did in one cell. */
export interface Measurement extends Cell {
  readonly series: SeriesName;
  readonly latencyMs: Percentiles;
  readonly requestsPerS: number;
  readonly calls: number;
  /** CPU milliseconds of each process for one call. */
  readonly cpuMsPerCall: Readonly<Record<string, number>>;
  /** Share of all cores that others used, from 0 to 1. */
  readonly background: number;
}

/** A measurement that others may have spoilt is marked above this share. */
export const BACKGROUND_LIMIT = 0.15;

/** Sums up one window; throws RangeError when no call ended in it. */
export function toMeasurement(
  series: SeriesName,
  cell: Cell,
  { latenciesMs, elapsedMs }: LoadResult,
  use: CpuUse,
): Measurement {
  const calls = latenciesMs.length;
  return {
    series,
    ...cell,
    latencyMs: percentiles(latenciesMs),
    requestsPerS: calls / (elapsedMs / 1000),
    calls,
    cpuMsPerCall: mapValues(use.cpuMs, (ms) => ms / calls),
    background: use.background,
  };
}

/** Of each series and cell the median of every figure over the repetitions, in the order of their first one. */
export function mediansOf(measurements: readonly Measurement[]): Measurement[] {
  const groups = Map.groupBy(measurements, ({ series, delayMs, concurrency }) => `${series} ${delayMs} ${concurrency}`);
  return [...groups.values()].map(medianOf);
}

function medianOf(group: readonly Measurement[]): Measurement {
  const [first] = group;
  if (first === undefined) throw new RangeError('There is no median of no measurement.');
  const of = (read: (each: Measurement) => number) => median(group.map(read));
  const processes = [...new Set(group.flatMap(({ cpuMsPerCall }) => Object.keys(cpuMsPerCall)))];
  const cpu = processes.map((name) => [name, of(({ cpuMsPerCall }) => cpuMsPerCall[name] ?? 0)] as const);
  const { series, delayMs, concurrency } = first;
  return {
    series,
    delayMs,
    concurrency,
    latencyMs: medianPercentiles(group.map(({ latencyMs }) => latencyMs)),
    requestsPerS: of(({ requestsPerS }) => requestsPerS),
    calls: of(({ calls }) => calls),
    cpuMsPerCall: Object.fromEntries(cpu),
    background: of(({ background }) => background),
  };
}

function mapValues(
  values: Readonly<Record<string, number>>,
  change: (value: number) => number,
): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}

import { availableParallelism, loadavg } from 'node:os';
import type { BareResult } from './bare';
import { difference, percentile, percentiles, type Percentiles } from './percentile';
import type { PlatformResult } from './platform';
import type { Timing } from './platform-client';
import { MEASURED_CALLS, PAUSE_MS, WARM_UP_CALLS } from './workload';

const PARTS: readonly (keyof Timing)[] = ['queueMs', 'workerMs', 'lmMs', 'overheadMs'];

/** The result of the benchmark as text: latencies, overhead, where the time went, and the machine. */
export function describeResult(bare: BareResult, platform: PlatformResult): string {
  const paced = percentiles(bare.pacedMs);
  const whole = percentiles(platform.latenciesMs);
  const medians = PARTS.map((part) => `${part} ${milliseconds(medianOf(platform.timings, part))}`);
  return [
    `${MEASURED_CALLS} calls one after the other, after ${WARM_UP_CALLS} to warm up; milliseconds`,
    `${''.padEnd(34)}${['p50', 'p95', 'p99'].map((title) => title.padStart(9)).join('')}`,
    row('bare DSPy, back to back', percentiles(bare.backToBackMs)),
    row(`bare DSPy, ${PAUSE_MS} ms between calls`, paced),
    row('platform, all stored', whole),
    row('overhead (platform − paced bare)', difference(whole, paced)),
    `Medians in the answers: ${medians.join(', ')}`,
    `Stored: ${platform.stored} of ${WARM_UP_CALLS + MEASURED_CALLS} executions`,
    machine(bare),
  ].join('\n');
}

function row(title: string, { p50, p95, p99 }: Percentiles): string {
  return `${title.padEnd(34)}${[p50, p95, p99].map((value) => milliseconds(value).padStart(9)).join('')}`;
}

function medianOf(timings: readonly Timing[], part: keyof Timing): number {
  return percentile(
    timings.map((timing) => timing[part]),
    50,
  );
}

function milliseconds(value: number): string {
  return value.toFixed(2);
}

function machine({ python, dspy }: BareResult): string {
  const load = loadavg().map((value) => value.toFixed(2));
  const versions = `Node ${process.versions.node}, Python ${python}, DSPy ${dspy}`;
  return `Machine: ${availableParallelism()} cores, ${versions}, load average ${load.join(' ')}`;
}

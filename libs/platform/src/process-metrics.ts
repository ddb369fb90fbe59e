import { performance } from 'node:perf_hooks';
import type { Meter } from '@opentelemetry/api';

const MICROS = 1e6;
const MILLIS = 1e3;

/** Measures the process itself; costs nothing between two readings. */
export function measureProcess(meter: Meter): void {
  meter
    .createObservableCounter('process_cpu_seconds_total', { description: 'User and system CPU time.' })
    .addCallback((result) => {
      const { user, system } = process.cpuUsage();
      result.observe((user + system) / MICROS);
    });
  meter
    .createObservableGauge('process_resident_memory_bytes', { description: 'Resident memory.' })
    .addCallback((result) => result.observe(process.memoryUsage.rss()));
  meter
    .createObservableCounter('nodejs_eventloop_busy_seconds_total', { description: 'Time the event loop was busy.' })
    .addCallback((result) => result.observe(performance.eventLoopUtilization().active / MILLIS));
}

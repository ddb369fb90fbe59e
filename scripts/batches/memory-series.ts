import { ProcessWatch } from '../bench/processes/process-watch';
import type { Suite } from '../faults/suite/suite';

/** More is growth and no noise: a share, or so many MiB where that is more. */
const GROWTH_SHARE = 0.3;
const GROWTH_MIB = 64;

/** The memory of one kind of process over a run, in MiB; of several the largest. */
export interface MemoryTrend {
  readonly kind: string;
  readonly highest: number;
  /** The medians of the second and of the last quarter of the time: in the first all warm up. */
  readonly early: number;
  readonly late: number;
  readonly isFlat: boolean;
}

type Kind = Parameters<Suite['members']>[0];

/** Reads the memory of the processes of a suite from time to time. */
export class MemorySeries {
  private readonly readings = new Map<string, number[]>();
  private readonly suite: Suite;
  private readonly kinds: readonly Kind[];

  constructor(suite: Suite, kinds: readonly Kind[]) {
    this.suite = suite;
    this.kinds = kinds;
  }

  /** Takes one sample of every kind. */
  take(): void {
    for (const kind of this.kinds) {
      const watch = new ProcessWatch();
      for (const { name, pid } of this.suite.members(kind)) if (pid !== undefined) watch.add(name, pid);
      const largest = Math.max(0, ...Object.values(watch.memoryMib()));
      this.readings.set(kind, [...(this.readings.get(kind) ?? []), largest]);
    }
  }

  trends(): MemoryTrend[] {
    return [...this.readings].map(([kind, values]) => trendOf(kind, values));
  }
}

/** The trend of readings in the order of time. */
export function trendOf(kind: string, values: readonly number[]): MemoryTrend {
  const quarter = Math.floor(values.length / 4);
  const early = median(values.slice(quarter, 2 * quarter));
  const late = median(values.slice(values.length - quarter));
  const isFlat = late <= early + Math.max(GROWTH_MIB, early * GROWTH_SHARE);
  return { kind, highest: Math.max(0, ...values), early, late, isFlat };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

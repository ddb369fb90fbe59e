import { readdirSync, readFileSync } from 'node:fs';
import {
  parseMachineStat,
  parseMemory,
  parseProcessStat,
  TICK_MS,
  treeMemoryMib,
  treeOf,
  treeTicks,
  type MachineStat,
  type MemoryStat,
  type ProcessStat,
} from './proc-stat';

/** CPU time up to one moment. */
export interface CpuSample {
  readonly machine: MachineStat;
  readonly ticks: ReadonlyMap<string, number>;
}

/** What the time between two samples was used for. */
export interface CpuUse {
  /** Milliseconds of CPU time of each group. */
  readonly cpuMs: Readonly<Record<string, number>>;
  /** Share of all cores that was used by processes outside of the benchmark, from 0 to 1. */
  readonly background: number;
}

interface Watched {
  readonly pid: number;
  readonly alone: boolean;
}

/** Tells CPU time and memory of all processes that take part, each group a process with its descendants, or alone. */
export class ProcessWatch {
  private readonly groups = new Map<string, Watched>();

  /** Watches a process under a name; `alone` without its descendants, which are then watched by themselves. */
  add(group: string, pid: number, { alone = false } = {}): void {
    this.groups.set(group, { pid, alone });
  }

  /** CPU time of every group and of the machine until now. */
  sample(): CpuSample {
    const processes = allProcesses();
    const ticks = [...this.groups].map(([group, { pid, alone }]) => {
      const own = processes.find((each) => each.pid === pid)?.ownTicks ?? 0;
      return [group, alone ? own : treeTicks(treeOf(pid, processes))] as const;
    });
    return { machine: parseMachineStat(readFileSync('/proc/stat', 'utf8')), ticks: new Map(ticks) };
  }

  /** Resident memory of every group in MiB. */
  memoryMib(): Record<string, number> {
    const processes = allProcesses();
    const members = ({ pid, alone }: Watched) => treeOf(pid, processes).filter((each) => !alone || each.pid === pid);
    const mib = (watched: Watched) => treeMemoryMib(members(watched).flatMap(memoryOf));
    return Object.fromEntries([...this.groups].map(([group, watched]) => [group, mib(watched)]));
  }
}

/** The difference of two samples; groups that used nothing are left out. */
export function cpuBetween(before: CpuSample, after: CpuSample): CpuUse {
  const used = [...after.ticks].map(([group, ticks]) => [group, ticks - (before.ticks.get(group) ?? ticks)] as const);
  const ours = used.reduce((sum, [, ticks]) => sum + ticks, 0);
  const busy = after.machine.busyTicks - before.machine.busyTicks;
  const total = after.machine.totalTicks - before.machine.totalTicks;
  return {
    cpuMs: Object.fromEntries(used.filter(([, ticks]) => ticks > 0).map(([group, ticks]) => [group, ticks * TICK_MS])),
    background: total > 0 ? Math.max(0, busy - ours) / total : 0,
  };
}

function allProcesses(): ProcessStat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => readOrNothing(`/proc/${pid}/stat`).map(parseProcessStat));
}

function memoryOf({ pid }: ProcessStat): MemoryStat[] {
  return readOrNothing(`/proc/${pid}/status`).map(parseMemory);
}

/** The file's text; nothing when its process has just ended. */
function readOrNothing(file: string): string[] {
  try {
    return [readFileSync(file, 'utf8')];
  } catch {
    return [];
  }
}

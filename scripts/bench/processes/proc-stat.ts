/** What `/proc/<pid>/stat` says of a process; a tick is 10 ms. */
export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** CPU time of the process itself. */
  readonly ownTicks: number;
  /** CPU time of its children that have ended and that it waited for. */
  readonly reapedTicks: number;
}

/** CPU time of the whole machine since its boot, of all cores together. */
export interface MachineStat {
  readonly busyTicks: number;
  readonly totalTicks: number;
}

/** Resident memory of one process, in KiB. */
export interface MemoryStat {
  readonly anonKib: number;
  readonly fileKib: number;
  readonly sharedKib: number;
}

/** Linux counts in hundredths of a second for programs, whatever the kernel was built with. */
export const TICK_MS = 10;

/** Reads the line of one process; its name may hold spaces and brackets. Throws RangeError when it is no such line. */
export function parseProcessStat(line: string): ProcessStat {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const [parent, user, system, reapedUser, reapedSystem] = [1, 11, 12, 13, 14].map((index) => Number(fields[index]));
  const pid = Number.parseInt(line, 10);
  const ownTicks = (user ?? Number.NaN) + (system ?? Number.NaN);
  const reapedTicks = (reapedUser ?? Number.NaN) + (reapedSystem ?? Number.NaN);
  if (Number.isNaN(pid + ownTicks + reapedTicks)) throw new RangeError(`No line of a process: ${line}`);
  return { pid, parent: parent ?? 0, ownTicks, reapedTicks };
}

/**
 * Reads `/proc/stat`. Busy is what processes use and what the host takes away; not the handling of interrupts, which on
 * the loopback interface is caused by what is measured and belongs to no process.
 */
export function parseMachineStat(text: string): MachineStat {
  const all = (/^cpu +(.+)$/m.exec(text)?.[1] ?? '').split(' ').map(Number);
  const [user = 0, nice = 0, system = 0, idle = 0, ioWait = 0, interrupts = 0, softInterrupts = 0, steal = 0] = all;
  const busyTicks = user + nice + system + steal;
  return { busyTicks, totalTicks: busyTicks + idle + ioWait + interrupts + softInterrupts };
}

/** Reads `/proc/<pid>/status`; a kernel thread has no memory. */
export function parseMemory(status: string): MemoryStat {
  const kib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0);
  return { anonKib: kib('RssAnon'), fileKib: kib('RssFile'), sharedKib: kib('RssShmem') };
}

/** A process with all its descendants. */
export function treeOf(root: number, processes: readonly ProcessStat[]): ProcessStat[] {
  const tree = processes.filter(({ pid }) => pid === root);
  for (const { pid } of tree) tree.push(...processes.filter(({ parent }) => parent === pid));
  return tree;
}

/** CPU time of a tree; a child that ends passes its time on to its parent, so that nothing is lost or counted twice. */
export function treeTicks(tree: readonly ProcessStat[]): number {
  return tree.reduce((sum, { ownTicks, reapedTicks }) => sum + ownTicks + reapedTicks, 0);
}

/** Memory of a tree in MiB: pages that its processes share, such as Postgres' buffers, count once. */
export function treeMemoryMib(memories: readonly MemoryStat[]): number {
  const anon = memories.reduce((sum, { anonKib }) => sum + anonKib, 0);
  const file = Math.max(0, ...memories.map(({ fileKib }) => fileKib));
  const shared = Math.max(0, ...memories.map(({ sharedKib }) => sharedKib));
  return (anon + file + shared) / 1024;
}

import { readFileSync } from 'node:fs';

// Field 22 of /proc/<pid>/stat; the command name before it may hold spaces and brackets, so count from its last bracket.
const START_TIME_INDEX = 19;

/**
 * A text that is the same for one process only: its id, its start time and the boot it belongs to; undefined when no such
 * process lives. An id alone is given again to other processes.
 */
export function processIdentity(pid: number): string | undefined {
  try {
    const fields = statFields(pid);
    if (fields[0] === 'Z') return undefined;
    return `${pid} ${fields[START_TIME_INDEX]} ${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}`;
  } catch {
    return undefined;
  }
}

/** Whether the process that `identity` was taken from still lives. */
export function isAlive(identity: string): boolean {
  return processIdentity(Number.parseInt(identity, 10)) === identity;
}

function statFields(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

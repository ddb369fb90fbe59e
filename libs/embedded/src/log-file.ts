import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Above this size the log is moved to `<file>.1` (which replaces an older one). */
export const LOG_CAP_BYTES = 10 * 1024 * 1024;
const TAIL_BYTES = 16 * 1024;

/** Opens a process's log for appending; the descriptor is handed to the process and must be closed by the caller. */
export function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  capLog(file);
  return openSync(file, 'a', 0o600);
}

/**
 * Keeps a log that is being written within bounds. The process appends, so cutting the file to nothing under it is safe:
 * the next line starts at offset 0.
 */
export function capLog(file: string, capBytes = LOG_CAP_BYTES): void {
  if (!existsSync(file) || statSync(file).size <= capBytes) return;
  copyFileSync(file, `${file}.1`);
  truncateSync(file, 0);
}

/** The last `count` lines of a log, oldest first, from byte `offset` on; an absent log has none. */
export function lastLogLines(file: string, count: number, offset = 0): string[] {
  if (!existsSync(file)) return [];
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const from = Math.max(size - TAIL_BYTES, size < offset ? 0 : offset);
    const buffer = Buffer.alloc(Math.max(size - from, 0));
    readSync(descriptor, buffer, 0, buffer.length, from);
    const lines = buffer.toString('utf8').split('\n');
    return lines.filter((line) => line.trim() !== '').slice(-count);
  } finally {
    closeSync(descriptor);
  }
}

/** The size of a log in bytes; 0 when there is none. */
export function logSize(file: string): number {
  return existsSync(file) ? statSync(file).size : 0;
}

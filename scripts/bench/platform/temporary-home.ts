import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for the data of servers, removed when this process ends, whatever happens: a run may fill gigabytes. */
export function temporaryHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'dspy-nest-bench-'));
  process.once('exit', () => rmSync(home, { recursive: true, force: true }));
  return home;
}

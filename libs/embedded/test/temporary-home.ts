import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

/** A new folder for one test; all of them are removed by `removeTemporaryHomes`. */
export function temporaryHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'dspy-nest-embedded-'));
  made.push(home);
  return home;
}

/** Call it after all tests of a file. */
export function removeTemporaryHomes(): void {
  for (const home of made.splice(0)) rmSync(home, { recursive: true, force: true });
}

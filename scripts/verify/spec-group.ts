import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { shareOut } from './share-out';

const GROUPS = { spec: '*.unit-group.ts', 'int-spec': '*.int-group.ts' } as const;
// A file may ask for less, and the last that asks would decide for its whole group.
const LONGEST_MS = 180_000;

/**
 * Declares one of the groups of test files in which `npm test` runs those of a kind. Jest loads every module anew for each test
 * file, which takes longer than most tests; a group loads them once. A file by itself is run by the project of its kind.
 */
export function specGroup(kind: 'spec' | 'int-spec', number: number): void {
  const files = globSync(`{apps,libs,scripts}/**/*.${kind}.ts`, { exclude: ['**/node_modules/**'] });
  const groups = globSync(`scripts/verify/groups/${GROUPS[kind]}`).length;
  for (const file of shareOut(files, groups)[number - 1] ?? []) {
    describe(file, () => void jest.requireActual<object>(resolve(file)));
  }
  jest.setTimeout(LONGEST_MS);
}

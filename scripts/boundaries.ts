import { execFileSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';

/** One import that a rule forbids. */
export interface Violation {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}

/** What a look at all imports found; `unseen` are source files that the look missed, which makes it worthless. */
export interface BoundaryReport {
  readonly violations: Violation[];
  readonly seen: number;
  readonly unseen: string[];
}

interface CruiseResult {
  modules: { source: string }[];
  summary: { violations: { rule: { name: string }; from: string; to: string }[] };
}

const FOLDERS = ['apps', 'libs'];
const MAX_REPORT_BYTES = 256 * 1_048_576;

/** Holds all imports under `apps` and `libs` of `root` against the rules in its `.dependency-cruiser.cjs`. */
export function findViolations(root: string, cruiser: string): BoundaryReport {
  const options = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', '--no-progress', ...FOLDERS];
  const result = JSON.parse(cruise(root, [cruiser, ...options])) as CruiseResult;
  const modules = new Set(result.modules.map(({ source }) => source));
  const files = FOLDERS.flatMap((folder) => globSync(join(folder, '**/*.ts'), { cwd: root }));
  return {
    violations: result.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
    seen: files.filter((file) => modules.has(file)).length,
    unseen: files.filter((file) => !modules.has(file)),
  };
}

/** The report; the tool says by its exit code how many violations are in it. */
function cruise(root: string, command: string[]): string {
  try {
    return execFileSync(process.execPath, command, { cwd: root, encoding: 'utf8', maxBuffer: MAX_REPORT_BYTES });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    if (stdout.startsWith('{')) return stdout;
    throw new Error(`dependency-cruiser failed:\n${stdout}${stderr}`, { cause: error });
  }
}

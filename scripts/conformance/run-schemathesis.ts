import { execFile } from 'node:child_process';
import { resolve } from 'node:path';

const PROGRAM = resolve('.venv', 'bin', 'schemathesis');
const FOLDER = resolve('scripts', 'conformance');
const MOST_BYTES = 64 * 1024 * 1024;

/** How much Schemathesis tries. */
export interface Budget {
  /** Requests an operation, in each phase that makes up requests. */
  readonly examples: number;
  readonly phases: readonly ('examples' | 'coverage' | 'fuzzing' | 'stateful')[];
  readonly workers: number;
  /** The same seed makes up the same requests. */
  readonly seed: number;
}

/** What came of it: whether every check held, and all that Schemathesis printed. */
export interface Conformance {
  readonly holds: boolean;
  readonly report: string;
}

/** Has Schemathesis hold a gateway to its own document, with all checks and links. */
export function runSchemathesis(url: string, { examples, phases, workers, seed }: Budget): Promise<Conformance> {
  const args = ['--config-file', resolve(FOLDER, 'schemathesis.toml'), 'run', `${url}/openapi.json`];
  args.push('--checks', 'all', '--phases', phases.join(), '--max-examples', String(examples));
  args.push('--workers', String(workers), '--seed', String(seed), '--continue-on-failure', '--no-color');
  const env = { ...process.env, PYTHONPATH: FOLDER, SCHEMATHESIS_HOOKS: 'schemathesis_hooks' };
  return new Promise((done) => {
    execFile(PROGRAM, args, { env, maxBuffer: MOST_BYTES }, (error, stdout, stderr) => {
      done({ holds: error === null, report: `${stdout}${stderr}` });
    });
  });
}

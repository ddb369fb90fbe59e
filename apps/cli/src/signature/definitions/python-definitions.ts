import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { byPlace, type FoundDefinition } from './definition';
import type { FileContents, FileProblem } from './file-contents';

const SCRIPT = join(__dirname, 'list_definitions.py');
// Isolated: neither the environment nor the folder at hand can change what the interpreter loads.
const OPTIONS = ['-I', '-W', 'ignore'];
const TIMEOUT_MS = 60_000;
const MAX_ANSWER_BYTES = 256 * 1_048_576;
const SHOWN_CHARS = 500;

/** What the script answers for a file. */
interface Listing {
  definitions: { text: string; stretches: [number, number, number][]; options: FoundDefinition['options'] }[];
  problem?: Pick<FileProblem, 'code' | 'message' | 'offset'>;
}

/** The signatures in Python files, read by Python itself without running them: one process for all, one answer for each. */
export async function readPythonFiles(paths: readonly string[], python = 'python3'): Promise<FileContents[]> {
  if (paths.length === 0) return [];
  try {
    const running = promisify(execFile)(python, [...OPTIONS, SCRIPT], {
      timeout: TIMEOUT_MS,
      maxBuffer: MAX_ANSWER_BYTES,
    });
    // One that ends before it has read everything is told of by its exit code.
    running.child.stdin?.on('error', () => undefined).end(JSON.stringify(paths));
    const { stdout } = await running;
    return stdout.trimEnd().split('\n').map((line) => toContents(JSON.parse(line) as Listing)); // prettier-ignore
  } catch (error) {
    const problem = runProblem(python, error as NodeJS.ErrnoException & { stderr?: string; killed?: boolean });
    return paths.map(() => ({ definitions: [], problem }));
  }
}

function toContents({ definitions, problem }: Listing): FileContents {
  const found = definitions.map(({ text, stretches, options }) => ({
    text,
    options,
    stretches: stretches.map(([at, offset, length]) => ({ at, offset, length })),
  }));
  const hint = 'Mend the file, or name the files to check.';
  return { definitions: found.sort(byPlace), ...(problem !== undefined && { problem: { ...problem, hint } }) };
}

function runProblem(
  python: string,
  { code, message, stderr, killed }: NodeJS.ErrnoException & { stderr?: string; killed?: boolean },
): FileProblem {
  const hint = `Put a Python from 3.9 on the PATH as ${python}, or name the files to check.`;
  if (code === 'ENOENT') return { code: 'python_missing', message: `There is no ${python} to read it with.`, hint };
  const late = killed === true ? `It took more than ${TIMEOUT_MS / 1_000} s.` : undefined;
  const said = late ?? (stderr?.trim() || message);
  return { code: 'python_failed', message: `${python} could not read it: ${said.slice(-SHOWN_CHARS)}`, hint };
}

import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { examples } from '../../command-help';
import { CommandError, exitCodes } from '../../command.errors';
import { urlOption } from '../../server/url-option';
import { writeTextFile } from '../../written-file';
import { pullPrograms } from './pulled-program';
import { renderPrograms } from './render-programs';

const TIMEOUT_MS = 30_000;

const EXAMPLES = examples(
  'dspy-nest types pull --out src/programs.ts',
  'dspy-nest types pull --url http://127.0.0.1:4001 --out src/programs.ts --check',
);

/** Adds `dspy-nest types pull`. */
export function addPullCommand(types: Command): void {
  types
    .command('pull')
    .summary('write the types of all programs of a server')
    .description('Writes a module of TypeScript with the types of the inputs and outputs of all programs of a server.')
    .addOption(urlOption())
    .option('-o, --out <file>', 'file to write (default: stdout)')
    .option('--check', 'write nothing, and end with 1 when the file is not up to date')
    .addHelpText('after', EXAMPLES)
    .action(pull);
}

interface PullOptions {
  readonly url: URL;
  readonly out?: string;
  readonly check?: boolean;
}

async function pull({ url, out, check = false }: PullOptions): Promise<void> {
  if (check && out === undefined)
    throw new CommandError(exitCodes.usage, 'Add --out: --check needs a file to look at.');
  const programs = await pullPrograms({ url, timeoutMs: TIMEOUT_MS });
  const text = renderPrograms(programs);
  if (out === undefined) process.stdout.write(text);
  else await update(out, text, check);
}

// A file that is right is not touched, so that nothing is built anew.
async function update(path: string, text: string, check: boolean): Promise<void> {
  const isUpToDate = (await readIfThere(path)) === text;
  if (!isUpToDate && check) {
    throw new CommandError(exitCodes.notRight, `${path} is not up to date: pull again without --check.`);
  }
  if (!isUpToDate) await writeTextFile(path, text);
  process.stdout.write(isUpToDate ? `${path} is up to date.\n` : `${path} is written.\n`);
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

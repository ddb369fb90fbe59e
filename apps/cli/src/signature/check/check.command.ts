import type { Command } from 'commander';
import { examples } from '../../command-help';
import { exitCodes } from '../../command.errors';
import { paintFor, toJson } from '../../output';
import { findFiles } from '../definitions/find-files';
import { givenText, readStdin, STDIN } from '../definitions/given-text';
import { readFiles } from '../definitions/read-files';
import { judge, makeReport, renderReport } from './check-report';

const FILES = `
What is read, by the end of a file's name; nothing of it is run:
  .ts .tsx .mts .cts .js .jsx .mjs .cjs  literals given to signature('…') of @dspy-nest/signature
  .py    texts given to dspy.Predict, dspy.ChainOfThought, dspy.Signature, …, and classes of dspy.Signature
  .json  the members "signature" and "definition", as in bodies for POST /v1/programs
Left out of folders: what begins with a dot, node_modules, dist, build, coverage, virtual environments, links,
and files of more than 1 MiB.
`;

const EXAMPLES = examples(
  'dspy-nest signature check',
  'dspy-nest signature check src prompts/qa.py --json',
  'dspy-nest signature check --definition "question -> answer: string"',
);

/** Adds `dspy-nest signature check`. */
export function addCheckCommand(signature: Command): void {
  signature
    .command('check')
    .summary('look for mistakes in definitions')
    .description('Checks the signature definitions of a project. The exit code is 1 when something is wrong.')
    .argument('[paths...]', 'files and folders, or "-" for a definition on stdin (default: the folder at hand)')
    .option('-d, --definition <text...>', 'a definition to check')
    .option('--json', 'write the report as JSON')
    .addHelpText('after', `${FILES}${EXAMPLES}`)
    .action(check);
}

interface CheckOptions {
  readonly definition?: readonly string[];
  readonly json?: boolean;
}

async function check(paths: readonly string[], { definition = [], json }: CheckOptions): Promise<void> {
  const nothingSaid = paths.length === 0 && definition.length === 0;
  const candidates = await findFiles(nothingSaid ? ['.'] : paths.filter((path) => path !== STDIN));
  const stdin = paths.includes(STDIN) ? [await readStdin()] : [];
  const { files, skipped } = await readFiles(candidates);
  const judged = judge([...definition.map((text) => givenText(text)), ...stdin, ...files]);
  const report = makeReport(judged, candidates.length, skipped);
  process.stdout.write(json === true ? toJson(report) : renderReport(report, judged, paintFor(process.stdout)));
  if (!report.valid) process.exitCode = exitCodes.notRight;
}

import { InvalidArgumentError, Option, type Command } from 'commander';
import { examples } from '../../command-help';
import { exitCodes } from '../../command.errors';
import { toJson } from '../../output';
import { progressOn } from '../../progress';
import { untilSignal } from '../../signals';
import { urlOption } from '../../server/url-option';
import { formatOf, formatOption, type FileFormat } from '../file-format';
import { makeIfMissing } from './make-dataset';
import { describeImport, describePreview } from './import-report';
import { sendFile, sizeOf, type Imported, type Previewed } from './send-file';

const COLUMN = /^[A-Za-z_][A-Za-z0-9_]*:./s;

const EXAMPLES = examples(
  'dspy-nest dataset import tickets tickets.csv --signature RouteTicket',
  'dspy-nest dataset import tickets export.csv --column ticket:Text --column team:Label --on-invalid skip',
  'dspy-nest dataset import tickets tickets.jsonl --preview 5',
);

/** Adds `dspy-nest dataset import`. */
export function addImportCommand(dataset: Command): void {
  dataset
    .command('import')
    .summary('add the examples of a file')
    .description(
      'Adds the rows of a file of CSV or JSONL to a dataset, as one new version. The exit code is 1 when rows are no examples and ' +
        'nothing was added. Ctrl-C stops it, and nothing is added.',
    )
    .argument('<dataset>', 'name of the dataset')
    .argument('<file>', 'file of CSV with the names of the columns in its first line, or of JSON in lines')
    .option('--column <field:column>', 'column that a field is read from; only these are read then', addColumn)
    .addOption(
      new Option('--on-invalid <what>', 'what one bad row does: refuse all, or is left out')
        .choices(['refuse', 'skip'])
        .default('refuse'),
    )
    .option('--dry-run', 'only tell what would become of the rows')
    .option('--preview <rows>', 'only show the first rows as the examples they would be', parseRows)
    .option('--signature <name>', 'make the dataset, typed by this signature, if it is not there')
    .option('--seed <n>', 'with --signature: seed of the splits (default: 0)', parseSeed)
    .option('--validation <share>', 'with --signature: share of validation (default: 0.2)', parseShare)
    .option('--test <share>', 'with --signature: share of test (default: 0.2)', parseShare)
    .option('--stratify <field>', 'with --signature: output, of whose every value each split is to have its share')
    .option('--json', 'write what came of it as JSON')
    .addOption(formatOption())
    .addOption(urlOption())
    .addHelpText('after', EXAMPLES)
    .action(importFile);
}

interface ImportOptions {
  readonly column?: readonly string[];
  readonly onInvalid: string;
  readonly dryRun?: boolean;
  readonly preview?: number;
  readonly signature?: string;
  readonly seed?: number;
  readonly validation?: number;
  readonly test?: number;
  readonly stratify?: string;
  readonly json?: boolean;
  readonly format?: FileFormat;
  readonly url: URL;
}

async function importFile(name: string, path: string, options: ImportOptions): Promise<void> {
  const { url, column = [], onInvalid, dryRun = false, preview, signature, json = false } = options;
  const size = await sizeOf(path);
  const format = formatOf(path, options.format);
  if (signature !== undefined) await makeIfMissing(url, { ...options, name, signature });
  const file = { path, size, format, to: new URL(`v1/datasets/${encodeURIComponent(name)}/imports`, url) };
  for (const one of column) file.to.searchParams.append('column', one);
  if (preview !== undefined) {
    file.to.pathname += '/preview';
    file.to.searchParams.set('limit', String(preview));
    const shown = await untilSignal((signal) => sendFile<Previewed>(file, { tell: () => undefined, signal }));
    process.stdout.write(json ? toJson(shown) : describePreview(shown));
    if (shown.items.some(({ example }) => example === null)) process.exitCode = exitCodes.notRight;
    return;
  }
  file.to.searchParams.set('onInvalid', onInvalid);
  if (dryRun) file.to.searchParams.set('dryRun', 'true');
  const progress = progressOn(process.stderr);
  const send = (signal: AbortSignal) => sendFile<Imported>(file, { tell: progress.tell, signal });
  const imported = await untilSignal(send).finally(progress.end);
  process.stdout.write(json ? toJson(imported) : describeImport(imported, dryRun));
}

function addColumn(given: string, before: readonly string[] = []): string[] {
  if (COLUMN.test(given)) return [...before, given];
  throw new InvalidArgumentError('Write the field, ":" and the column, such as ticket:Text.');
}

function parseRows(given: string): number {
  const rows = Number(given);
  if (/^\d+$/.test(given) && rows >= 1 && rows <= 200) return rows;
  throw new InvalidArgumentError('Write a number of rows from 1 to 200.');
}

function parseShare(given: string): number {
  const share = Number(given);
  if (given.trim() !== '' && share >= 0 && share <= 1) return share;
  throw new InvalidArgumentError('Write a share from 0 to 1, such as 0.3.');
}

function parseSeed(given: string): number {
  if (/^\d{1,10}$/.test(given)) return Number(given);
  throw new InvalidArgumentError('Write a whole number, such as 7.');
}

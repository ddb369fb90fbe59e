import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { examples } from '../../command-help';
import { CommandError, exitCodes } from '../../command.errors';
import { progressOn, type Reached } from '../../progress';
import { readOne } from '../../server/server';
import { transfer } from '../../server/transfer';
import { urlOption } from '../../server/url-option';
import { untilSignal } from '../../signals';
import { countsOf, type Dataset } from '../dataset';
import { formatByName, formatOption, type FileFormat } from '../file-format';

const TIMEOUT_MS = 30_000;
const NEWLINE = 0x0a;

const EXAMPLES = examples(
  'dspy-nest dataset export tickets --out tickets.csv',
  'dspy-nest dataset export tickets --split train --dataset-version 3 > train.jsonl',
);

/** Adds `dspy-nest dataset export`. */
export function addExportCommand(dataset: Command): void {
  dataset
    .command('export')
    .summary('write the examples of a dataset to a file')
    .description('Writes the examples of a dataset as CSV or JSONL, as an import reads them again.')
    .argument('<dataset>', 'name of the dataset')
    .option('-o, --out <file>', 'file to write (default: stdout)')
    .addOption(new Option('--split <split>', 'examples of one split only').choices(['train', 'validation', 'test']))
    .option('--dataset-version <n>', 'version of the dataset (default: the newest)', parseVersion)
    .addOption(formatOption())
    .addOption(urlOption())
    .addHelpText('after', EXAMPLES)
    .action(exportDataset);
}

interface ExportOptions {
  readonly out?: string;
  readonly split?: 'train' | 'validation' | 'test';
  readonly datasetVersion?: number;
  readonly format?: FileFormat;
  readonly url: URL;
}

async function exportDataset(name: string, { out, split, datasetVersion, url, format }: ExportOptions): Promise<void> {
  const path = `v1/datasets/${encodeURIComponent(name)}`;
  const version = datasetVersion === undefined ? '' : `?version=${datasetVersion}`;
  const dataset = await readOne<Dataset>({ url, timeoutMs: TIMEOUT_MS }, `${path}${version}`);
  const from = new URL(`${path}/export`, url);
  const query = { format: format ?? (out && formatByName(out)) ?? 'jsonl', split, version: String(dataset.version) };
  for (const [key, value] of Object.entries(query)) if (value !== undefined) from.searchParams.set(key, value);
  const total = dataset.examples[split ?? 'total'];
  await untilSignal(async (signal) => {
    const content = await transfer(from, { method: 'GET', signal });
    if (out === undefined) await pipeline(content, process.stdout, { end: false, signal });
    else await writeWhole(content, out, { total, signal });
  });
  if (out !== undefined)
    process.stderr.write(`${out} is written: ${name} version ${dataset.version}, ${countsOf(dataset.examples)}.\n`);
}

/** A file is there whole or not at all. */
async function writeWhole(
  content: Readable,
  out: string,
  { total, signal }: { total: number; signal: AbortSignal },
): Promise<void> {
  const part = `${out}.part`;
  const progress = progressOn(process.stderr);
  try {
    await pipeline(content, counted(total, progress.tell), createWriteStream(part), { signal });
    await rename(part, out);
  } catch (cause) {
    await rm(part, { force: true });
    const why = signal.aborted ? 'it was stopped' : ((cause as NodeJS.ErrnoException).code ?? String(cause));
    throw new CommandError(
      exitCodes.failed,
      `${out} is not written (${why})${why === 'ENOENT' ? ': its folder does not exist' : ''}.`,
      { cause },
    );
  } finally {
    progress.end();
  }
}

function counted(total: number, tell: (reached: Reached) => void): Transform {
  let lines = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) lines += 1;
      const written = Math.min(lines, total);
      tell({ fraction: total === 0 ? 1 : written / total, text: `${written} of ${total} examples` });
      done(null, chunk);
    },
  });
}

function parseVersion(given: string): number {
  if (/^[1-9]\d{0,8}$/.test(given)) return Number(given);
  throw new InvalidArgumentError('Write a version, such as 3.');
}

import { extname } from 'node:path';
import { Option } from 'commander';
import { CommandError, exitCodes } from '../command.errors';

/** The forms of a file of examples. */
export type FileFormat = 'csv' | 'jsonl';

const FORMATS: Readonly<Record<string, FileFormat>> = { '.csv': 'csv', '.jsonl': 'jsonl', '.ndjson': 'jsonl' };

/** The option that says what form a file has. */
export function formatOption(): Option {
  return new Option('--format <format>', 'form of the file (default: by the end of its name)').choices([
    'csv',
    'jsonl',
  ]);
}

/** The form of a file by its name; undefined when that does not tell. */
export function formatByName(path: string): FileFormat | undefined {
  return FORMATS[extname(path).toLowerCase()];
}

/** The form of a file as it is said, or by its name. Throws CommandError when neither tells. */
export function formatOf(path: string, said: FileFormat | undefined): FileFormat {
  const format = said ?? formatByName(path);
  if (format !== undefined) return format;
  throw new CommandError(exitCodes.usage, `The name of ${path} does not tell its form: add --format csv or jsonl.`);
}

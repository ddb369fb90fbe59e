import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { json } from 'node:stream/consumers';
import { CommandError, exitCodes } from '../../command.errors';
import type { Reached } from '../../progress';
import { transfer } from '../../server/transfer';
import type { Dataset } from '../dataset';
import type { FileFormat } from '../file-format';

const CONTENT_TYPES: Readonly<Record<FileFormat, string>> = { csv: 'text/csv', jsonl: 'application/x-ndjson' };
const MB = 1_000_000;

/** What is wrong in a row. */
export interface RowError {
  readonly row: number;
  readonly line?: number;
  readonly column?: string;
  readonly pointer: string;
  readonly message: string;
  readonly value?: string;
}

/** What came of an import. */
export interface Imported extends Dataset {
  readonly report: Readonly<Record<'received' | 'added' | 'duplicates' | 'invalid', number>> & {
    readonly errors: readonly RowError[];
  };
}

/** Rows as the examples they would be. */
export interface Previewed {
  readonly items: readonly {
    readonly row: number;
    readonly line?: number;
    readonly example: object | null;
    readonly errors: readonly RowError[];
  }[];
}

/** A file, and where it is sent. */
interface SentFile {
  readonly path: string;
  readonly size: number;
  readonly format: FileFormat;
  readonly to: URL;
}

/** Sends a file as fast as it is taken, and reads what is answered. Throws CommandError. */
export async function sendFile<T extends Imported | Previewed>(
  { path, size, format, to }: SentFile,
  { tell, signal }: { tell: (reached: Reached) => void; signal: AbortSignal },
): Promise<T> {
  const body = createReadStream(path);
  const beganAt = performance.now();
  body.on('data', () => tell(reachedAt(body.bytesRead, size, (performance.now() - beganAt) / 1_000)));
  try {
    const answer = await transfer(to, { method: 'POST', contentType: CONTENT_TYPES[format], body, signal });
    return (await json(answer)) as T;
  } finally {
    body.destroy();
  }
}

/** How far the sending is. */
export function reachedAt(sent: number, size: number, seconds: number): Reached {
  const fraction = size === 0 ? 1 : sent / size;
  const rate = seconds > 0 ? sent / seconds : 0;
  const left =
    rate > 0 && sent < size ? `, ${(rate / MB).toFixed(1)} MB/s, ${Math.ceil((size - sent) / rate)} s left` : '';
  return { fraction, text: `${(sent / MB).toFixed(1)} of ${(size / MB).toFixed(1)} MB${left}` };
}

/** The size of a file in bytes. Throws CommandError for what is none. */
export async function sizeOf(path: string): Promise<number> {
  let why = 'it is no file';
  try {
    const found = await stat(path);
    if (found.isFile()) return found.size;
  } catch (error) {
    why = (error as NodeJS.ErrnoException).code ?? String(error);
  }
  throw new CommandError(exitCodes.usage, `${path} cannot be read (${why}): name a file of CSV or JSONL that exists.`);
}

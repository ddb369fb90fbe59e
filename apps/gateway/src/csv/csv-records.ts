import { parse } from 'csv-parse/sync';
import type { RowLine } from '../uploads/row-lines';

/** The bytes of a record, at most; what is longer is better sent as JSON. */
export const CSV_RECORD_MAX_BYTES = 262_144;

const BLOCK_MAX_CHARS = 65_536;
const BLOCK_MAX_RECORDS = 500;

/** A cell; null where nothing stands, which is not the empty text `""`. */
export type CsvCell = string | null;

/** A record by the line it begins in, or why there is none. */
export type CsvRecord = { readonly line: number; readonly cells: CsvCell[] } | CsvFault;

/** A line that no record could be read from. */
export interface CsvFault {
  readonly line: number;
  readonly fault: string;
}

interface Text {
  readonly line: number;
  readonly text: string;
}

const UNPAIRED =
  'The quotes that begin in this line do not pair up. A cell with a quote, a comma or a line break stands in quotes, and each ' +
  'quote within it is doubled.';
const UNREADABLE = `The row has more than ${CSV_RECORD_MAX_BYTES} bytes, or is no UTF-8.`;

/**
 * The records of CSV (RFC 4180) with commas. A record has an even number of quotes, so lines are put together until it is; what
 * csv-parse then does not read costs one line and not the rest of the file, and no more than one record is ever held.
 */
export async function* csvRecords(lines: AsyncIterable<RowLine>): AsyncGenerator<CsvRecord> {
  const reader = new CsvReader();
  for await (const line of lines) yield* reader.take(line);
  yield* reader.end();
}

class CsvReader {
  /** Whole records that are parsed together. */
  private block: Text[] = [];
  private blockChars = 0;
  /** The lines of a record whose end has not come. */
  private open: Text[] = [];
  private openChars = 0;
  private columns: number | undefined;

  *take({ line, text }: RowLine): Generator<CsvRecord> {
    if (text === undefined) {
      yield* this.end();
      yield { line, fault: UNREADABLE };
    } else if (this.open.length > 0) yield* this.goOn({ line, text });
    else if (hasOddQuotes(text)) this.begin({ line, text });
    else if (text.trim() !== '') yield* this.add({ line, text });
  }

  *end(): Generator<CsvRecord> {
    while (this.open.length > 0) yield* this.giveUp();
    yield* this.flush();
  }

  private begin(first: Text): void {
    this.open = [first];
    this.openChars = first.text.length;
  }

  private *goOn(next: Text): Generator<CsvRecord> {
    this.open.push(next);
    this.openChars += next.text.length;
    if (this.openChars > CSV_RECORD_MAX_BYTES) yield* this.giveUp();
    else if (hasOddQuotes(next.text)) yield* this.close();
  }

  /** A record over several lines that does not fit in is rather one with a quote too few, and good rows after it. */
  private *close(): Generator<CsvRecord> {
    yield* this.flush();
    const { line } = this.open[0]!;
    const read = parsed([{ line, text: this.open.map(({ text }) => text).join('\n') }])?.[0];
    if (read === undefined || (this.columns !== undefined && read.length !== this.columns)) yield* this.giveUp();
    else {
      this.open = [];
      yield this.record(line, read);
    }
  }

  /** Takes the first of the open lines for a fault, and reads the others anew. */
  private *giveUp(): Generator<CsvRecord> {
    const [first, ...others] = this.open;
    this.open = [];
    yield* this.flush();
    yield { line: first!.line, fault: UNPAIRED };
    for (const other of others) yield* this.take(other);
  }

  private *add(record: Text): Generator<CsvRecord> {
    this.block.push(record);
    this.blockChars += record.text.length;
    if (this.blockChars > BLOCK_MAX_CHARS || this.block.length === BLOCK_MAX_RECORDS) yield* this.flush();
  }

  private *flush(): Generator<CsvRecord> {
    const block = this.block;
    this.block = [];
    this.blockChars = 0;
    const all = parsed(block);
    for (const [index, { line, text }] of block.entries()) {
      const cells = all === undefined ? parsed([{ line, text }])?.[0] : all[index];
      yield cells === undefined ? { line, fault: UNPAIRED } : this.record(line, cells);
    }
  }

  private record(line: number, cells: CsvCell[]): CsvRecord {
    this.columns ??= cells.length;
    return { line, cells };
  }
}

const OPTIONS = {
  record_delimiter: '\n',
  relax_column_count: true,
  cast: (cell: string, { quoting }: { quoting: boolean }): CsvCell => (cell === '' && !quoting ? null : cell),
} as const;

/** The cells of each record; undefined when one of them cannot be read. */
function parsed(records: readonly Text[]): CsvCell[][] | undefined {
  if (records.length === 0) return [];
  const text = records.map(({ text: one }) => (one.endsWith('\r') ? one.slice(0, -1) : one)).join('\n');
  try {
    const read = parse(text, OPTIONS) as unknown as CsvCell[][];
    return read.length === records.length ? read : undefined;
  } catch {
    return undefined;
  }
}

function hasOddQuotes(text: string): boolean {
  let isOdd = false;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) isOdd = !isOdd;
  return isOdd;
}

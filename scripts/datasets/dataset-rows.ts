import { Readable } from 'node:stream';

const TEAMS = ['billing', 'shipping', 'accounts', 'other'];
const DUPLICATE_EVERY = 500;
const BAD_EVERY = 1_000;
const ROWS_TOGETHER = 500;

/** The signature that the rows are of. */
export const ROWS_SIGNATURE = `ticket: string, urgency: int(min=0, max=9) -> team: enum[${TEAMS.map((team) => `"${team}"`).join(', ')}]`;

/** What is to become of so many rows. */
export interface ExpectedReport {
  readonly received: number;
  readonly added: number;
  readonly duplicates: number;
  readonly invalid: number;
}

/** A file of CSV: one row in 500 is the one before again, and one in 1,000 has a team that there is not. */
export function rowsAsCsv(rows: number): Readable {
  return Readable.from(pieces(rows), { objectMode: false });
}

/** What is to become of these rows. */
export function expectedOf(rows: number): ExpectedReport {
  const duplicates = Math.floor(rows / DUPLICATE_EVERY);
  const invalid = Math.floor((rows + BAD_EVERY / 2 - 1) / BAD_EVERY);
  return { received: rows, added: rows - duplicates - invalid, duplicates, invalid };
}

function* pieces(rows: number): Generator<Buffer> {
  yield Buffer.from('ticket,urgency,team\n');
  for (let first = 0; first < rows; first += ROWS_TOGETHER) {
    const count = Math.min(ROWS_TOGETHER, rows - first);
    yield Buffer.from(Array.from({ length: count }, (_, offset) => rowOf(first + offset)).join(''));
  }
}

function rowOf(index: number): string {
  if (index % DUPLICATE_EVERY === DUPLICATE_EVERY - 1) return rowOf(index - 1);
  const team = index % BAD_EVERY === BAD_EVERY / 2 ? 'nowhere' : TEAMS[index % TEAMS.length];
  return `"Ticket ${index}: my ""gold"" card was charged twice, in shop ${index % 97}",${index % 10},${team}\n`;
}

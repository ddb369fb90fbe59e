import { randomBytes } from 'node:crypto';

const SIZE = 10_485_760;
const GOOD_BETWEEN = 40;

/** What a file of ill will holds, and how many good rows are in it. */
export interface HostileCsv {
  readonly bytes: Buffer;
  readonly good: number;
}

/** 10 MB of what breaks readers of CSV, with good rows between, none of which may be lost. */
export function hostileCsv(): HostileCsv {
  const rows: Row[] = [];
  let length = 0;
  for (const row of badAndGood()) {
    if (length > SIZE) break;
    rows.push(row);
    length += row.bytes.length;
  }
  rows.push(
    { bytes: Buffer.concat([Buffer.alloc(SIZE, 'x'), Buffer.from(',1,billing\n')]), isGood: false },
    goodRow(0),
  );
  const header = Buffer.from('\ufeffticket,urgency,team\r\n');
  const bytes = Buffer.concat([header, ...rows.map((row) => row.bytes)]);
  return { bytes, good: rows.filter(({ isGood }) => isGood).length };
}

interface Row {
  readonly bytes: Buffer;
  readonly isGood: boolean;
}

/** Each bad row is followed by rows without quotes, so that a quote it leaves open is known to be its own. */
function* badAndGood(): Generator<Row> {
  for (let number = 1; ; number += 1) {
    yield goodRow(number);
    const bad = number % GOOD_BETWEEN === 0 ? BAD_ROWS[(number / GOOD_BETWEEN) % BAD_ROWS.length] : undefined;
    if (bad !== undefined) yield { bytes: Buffer.concat([bad(), Buffer.from('\n')]), isGood: false };
  }
}

const goodRow = (number: number): Row => ({
  bytes: Buffer.from(`=good ${number}'s,${number % 10},billing\r\n`),
  isGood: true,
});

const BAD_ROWS: readonly (() => Buffer)[] = [
  () => Buffer.from('a\0b,1,billing'),
  () => Buffer.from('"never closed,1,billing'),
  () => Buffer.from('closed "too late",1,billing'),
  () => Buffer.from('"closed"too soon,1,billing'),
  () => Buffer.from('too few'),
  () => Buffer.from(`too many${',x'.repeat(5_000)}`),
  () => Buffer.concat([Buffer.from([0xc3, 0x28, 0xff, 0xfe]), Buffer.from(',1,billing')]),
  () => Buffer.from('=cmd|"/C calc"!A0,1,billing'),
  () => Buffer.from('text,1e999,billing'),
  () => Buffer.from('text,-1,billing'),
  () => Buffer.from('text,1,"=HYPERLINK(""http://x"")"'),
  () => Buffer.from(`${'y'.repeat(300_000)},1,billing`),
  () => Buffer.from(','.repeat(100_000)),
  () =>
    Buffer.concat([
      Buffer.from(randomBytes(200).filter((byte) => byte !== 0x0a && byte !== 0x22)),
      Buffer.from(',,,,,'),
    ]),
  () => Buffer.from('text,1,__proto__'),
  () => Buffer.from('\r'),
];

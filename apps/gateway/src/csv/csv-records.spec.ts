import { randomBytes } from 'node:crypto';
import { everyLine } from '../uploads/row-lines';
import { CSV_RECORD_MAX_BYTES, csvRecords, type CsvRecord } from './csv-records';

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function recordsOf(csv: string | Buffer, size = 65_536): Promise<CsvRecord[]> {
  const records: CsvRecord[] = [];
  const lines = everyLine(inPieces(Buffer.from(csv), size), CSV_RECORD_MAX_BYTES);
  for await (const record of csvRecords(lines)) records.push(record);
  return records;
}

/** The cells of good records, and the lines of bad ones. */
const outline = (records: readonly CsvRecord[]) =>
  records.map((record) => ('fault' in record ? record.line : record.cells));

describe('csvRecords', () => {
  it.each([1, 3, 1_000])('reads what RFC 4180 allows, in pieces of %d bytes', async (size) => {
    const csv = '\ufeffa,b\r\n1,2\r\n\r\n"x, ""y""","two\r\nlines"\n,""\n"ä",€';
    expect(await recordsOf(csv, size)).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['1', '2'] },
      { line: 4, cells: ['x, "y"', 'two\r\nlines'] },
      { line: 6, cells: [null, ''] },
      { line: 7, cells: ['ä', '€'] },
    ]);
  });

  it.each([
    ['a quote in a cell without quotes', 'a,b\n1,x"y"\n3,4', [['a', 'b'], 2, ['3', '4']]],
    ['text after a closed cell', 'a,b\n1,"x"y\n"3",4', [['a', 'b'], 2, ['3', '4']]],
    ['a quote that is never closed', 'a,b\n"1,2\n3,4\n5,6', [['a', 'b'], 2, ['3', '4'], ['5', '6']]],
    ['one that another row would close', 'a,b\n"1,2\n3,4\n5,"6\n7,8', [['a', 'b'], 2, ['3', '4'], 4, ['7', '8']]],
    ['a quote at the very end', 'a,b\n1,2\n3,"', [['a', 'b'], ['1', '2'], 3]],
  ])('loses one row and no more by %s', async (_, csv, expected) => {
    expect(outline(await recordsOf(csv))).toEqual(expected);
  });

  it('gives rows with too few or too many cells as they are', async () => {
    expect(outline(await recordsOf('a,b\n1\n1,2,3'))).toEqual([['a', 'b'], ['1'], ['1', '2', '3']]);
  });

  it('loses one row by a line of 10 MB, by what is no UTF-8, and by an open quote before many rows', async () => {
    const long = Buffer.alloc(10_000_000, 'x,');
    const bytes = [Buffer.from('a,b\n1,2\n'), long, Buffer.from('\n'), Buffer.from([0xff, 0x2c, 0x0a])];
    const rows = Buffer.from('7,8\n'.repeat(100_000));
    const records = outline(await recordsOf(Buffer.concat([...bytes, Buffer.from('3,"4\n'), rows])));
    expect(records.slice(0, 5)).toEqual([['a', 'b'], ['1', '2'], 3, 4, 5]);
    expect(records).toHaveLength(100_005);
  });

  it('reads whatever comes', async () => {
    const records = await recordsOf(Buffer.concat([Buffer.from('a,b\n'), randomBytes(200_000)]));
    expect(records.length).toBeGreaterThan(1);
  });
});

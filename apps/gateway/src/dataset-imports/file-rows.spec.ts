import type { ExampleRowV1 } from '@dspy-nest/contracts';
import { fileRows, type FileFormat } from './file-rows';

const FIELDS = { inputs: ['ticket', 'count'], outputs: ['team'] };

async function* bytesOf(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

async function read(format: FileFormat, text: string, columns?: Record<string, string>, fields = FIELDS) {
  const map = columns && new Map(Object.entries(columns));
  const file = await fileRows(bytesOf(text), { format, fields, columns: map });
  const rows: ExampleRowV1[] = [];
  for await (const row of file.rows) rows.push(row);
  return { rows, columns: file.columns };
}

describe('fileRows of CSV', () => {
  it('takes columns by the names of fields', async () => {
    const { rows, columns } = await read('csv', `ticket,split,team,count\n'=1,test,,\n"",,billing,2\n`);
    expect(rows).toEqual([
      { line: 2, inputs: { ticket: '=1' }, outputs: {}, split: 'test' },
      { line: 3, inputs: { ticket: '', count: '2' }, outputs: { team: 'billing' } },
    ]);
    expect(columns).toEqual({ '/inputs/ticket': 'ticket', '/outputs/team': 'team', '/inputs/count': 'count' });
  });

  it('takes the columns that are said, and no others', async () => {
    const text = 'id,Text,Label\n1,a,billing\n';
    const { rows, columns } = await read('csv', text, { ticket: 'Text', team: 'Label' });
    expect(rows).toEqual([{ line: 2, inputs: { ticket: 'a' }, outputs: { team: 'billing' } }]);
    expect(columns).toEqual({ '/inputs/ticket': 'Text', '/outputs/team': 'Label' });
  });

  it('keeps the place of rows that are none', async () => {
    const { rows } = await read('csv', 'ticket,team,split\na\n"a"b,c,test\na,b,dev\n');
    expect(rows).toMatchObject([
      { line: 2, error: { code: 'wrong_number_of_cells', message: 'The row has 1 cells, and there are 3 columns.' } },
      { line: 3, error: { code: 'csv_syntax' } },
      { line: 4, error: { code: 'invalid_split', message: expect.stringContaining('"dev"') as string } },
    ]);
  });

  it.each([
    ['unknown_field', 'ticket,id\n', undefined],
    ['unknown_field', 'id\n', { nothing: 'id' }],
    ['column_missing', 'id\n', { ticket: 'Text' }],
    ['column_twice', 'ticket,ticket\n', undefined],
    ['csv_syntax', 'tick"et\n', undefined],
    ['too_many_columns', `${','.repeat(1_000)}\n`, undefined],
  ])('refuses a header with %s: %j', async (code, text, columns) => {
    await expect(read('csv', text, columns)).rejects.toMatchObject({ details: { errors: [{ code }] } });
  });

  it('finds nothing in nothing', async () => {
    expect(await read('csv', '')).toEqual({ rows: [] });
    expect((await read('csv', 'ticket\n')).rows).toEqual([]);
  });
});

describe('fileRows of JSON in lines', () => {
  it('takes examples, or their fields side by side', async () => {
    const lines = [
      { inputs: { ticket: 'a' }, outputs: { team: 'billing' }, split: 'test' },
      { ticket: 'b', team: 'billing', split: null },
      { ticket: 'c', sales: 1 },
    ];
    expect((await read('jsonl', lines.map((line) => JSON.stringify(line)).join('\n\n'))).rows).toEqual([
      { line: 1, ...lines[0] },
      { line: 3, inputs: { ticket: 'b' }, outputs: { team: 'billing' } },
      { line: 5, inputs: { ticket: 'c', sales: 1 }, outputs: {} },
    ]);
  });

  it('takes the members that are said, also of a field that is called as the frame', async () => {
    const fields = { inputs: ['inputs'], outputs: ['split'] };
    const line = JSON.stringify({ inputs: { a: 1 }, split: 'x', id: 3 });
    expect((await read('jsonl', line, { inputs: 'id' }, fields)).rows).toEqual([
      { line: 1, inputs: { inputs: 3 }, outputs: {} },
    ]);
    expect((await read('jsonl', '{"inputs":{"a":1},"split":"x"}', undefined, fields)).rows).toEqual([
      { line: 1, inputs: { inputs: { a: 1 } }, outputs: { split: 'x' } },
    ]);
  });

  it('keeps the place of rows that are none', async () => {
    const { rows } = await read('jsonl', '{"ticket":\n[1]\n{"ticket":"a","split":"dev"}\n{"__proto__":1}');
    expect(rows.map((row) => [row.line, 'error' in row && row.error.code])).toEqual([
      [1, 'malformed_request'],
      [2, 'malformed_request'],
      [3, 'invalid_split'],
      [4, 'malformed_request'],
    ]);
  });
});

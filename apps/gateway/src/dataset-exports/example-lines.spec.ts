import type { ExampleRowV1, ExamplesV1, ExampleV1 } from '@dspy-nest/contracts';
import { fileRows } from '../dataset-imports/file-rows';
import { csvLines, exampleLines, JSON_LINES, type LineFormat } from './example-lines';

const FIELDS = { inputs: ['ticket', 'tags'], outputs: ['team', 'score'] };
const exampleOf = (inputs: object, outputs: object, split = 'train'): ExampleV1 =>
  ({ id: 'a', number: 1, addedIn: 2, split, inputs, outputs }) as ExampleV1;
const EXAMPLES = [
  exampleOf({ ticket: '=1+1', tags: ['a', 'b'] }, { team: "it's", score: -1 }),
  exampleOf({ ticket: '' }, { team: null }, 'test'),
  exampleOf({ ticket: `'=x, "y"\n`, tags: [] }, {}),
];

async function textOf(pages: ExamplesV1[], format: LineFormat): Promise<string> {
  const [first, ...others] = pages;
  let text = '';
  for await (const part of exampleLines(first!, format, async () => others.shift()!)) text += part;
  return text;
}
const pagesOf = (): ExamplesV1[] => [
  { items: EXAMPLES.slice(0, 2), nextAfter: 2 },
  { items: EXAMPLES.slice(2), nextAfter: null },
];

describe('exampleLines', () => {
  it('writes CSV that no spreadsheet runs', async () => {
    expect(await textOf(pagesOf(), csvLines(FIELDS))).toBe(
      [
        'ticket,tags,team,score,split',
        `'=1+1,"[""a"",""b""]",it's,-1,train`,
        '"",,,,test',
        `"''=x, ""y""\n",[],,,train`,
        '',
      ].join('\r\n'),
    );
  });

  it('writes JSON in lines', async () => {
    expect(
      (await textOf(pagesOf(), JSON_LINES))
        .split('\n')
        .map((line) => (line === '' ? line : (JSON.parse(line) as object))),
    ).toEqual([...EXAMPLES.map(({ inputs, outputs, split }) => ({ inputs, outputs, split })), '']);
  });

  it.each([
    ['csv', csvLines(FIELDS)],
    ['jsonl', JSON_LINES],
  ] as const)('writes %s that an import reads again', async (format, lines) => {
    const text = await textOf(pagesOf(), lines);
    const { rows } = await fileRows(bytesOf(text), { format, fields: FIELDS, columns: undefined });
    const read: ExampleRowV1[] = [];
    for await (const row of rows) read.push(row);
    expect(read.map((row) => ('error' in row ? row : row.inputs['ticket']))).toEqual(['=1+1', '', `'=x, "y"\n`]);
  });

  it('has a header where there is no example, and no column for the split where a field is called so', async () => {
    const none = [{ items: [], nextAfter: null }];
    expect(await textOf(none, csvLines({ inputs: ['split'], outputs: ['b'] }))).toBe('split,b\r\n');
    expect(await textOf(none, JSON_LINES)).toBe('');
  });
});

async function* bytesOf(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

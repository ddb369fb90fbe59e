import { type RowLine, rowLines } from './row-lines';

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function linesOf(text: string | Buffer, size: number, maxBytes = 100): Promise<RowLine[]> {
  const lines: RowLine[] = [];
  for await (const line of rowLines(inPieces(Buffer.from(text), size), maxBytes)) lines.push(line);
  return lines;
}

describe('rowLines', () => {
  const text = '{"a":"ä"}\r\n\n  \n{"b":"€😀"}\n{"c":1}';
  const lines = [
    { line: 1, text: '{"a":"ä"}' },
    { line: 4, text: '{"b":"€😀"}' },
    { line: 5, text: '{"c":1}' },
  ];

  it.each([1, 2, 3, 7, 1_000])('finds the same lines in pieces of %d bytes', async (size) => {
    expect(await linesOf(text, size)).toEqual(lines);
    expect(await linesOf(`${text}\n`, size)).toEqual(lines);
  });

  it.each([1, 4, 1_000])(
    'keeps the place of a line that is too long or no UTF-8, in pieces of %d bytes',
    async (size) => {
      const bytes = Buffer.concat([
        Buffer.from(`"${'x'.repeat(20)}"\n`),
        Buffer.from([0x22, 0xff, 0x22, 0x0a]),
        Buffer.from('2'),
      ]);
      expect(await linesOf(bytes, size, 10)).toEqual([
        { line: 1, text: undefined, fault: 'too_long' },
        { line: 2, text: undefined, fault: 'not_utf8' },
        { line: 3, text: '2' },
      ]);
    },
  );

  it('finds nothing in nothing', async () => {
    expect(await linesOf('', 1)).toEqual([]);
    expect(await linesOf('\n\n', 1)).toEqual([]);
  });
});

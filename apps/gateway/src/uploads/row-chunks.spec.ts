import { BATCH_CHUNK_MAX_ROWS, type BatchRowV1 } from '@dspy-nest/contracts';
import { type RowChunk, rowChunks } from './row-chunks';

async function chunksOf(rows: BatchRowV1[]): Promise<RowChunk<BatchRowV1>[]> {
  const chunks: RowChunk<BatchRowV1>[] = [];
  for await (const chunk of rowChunks(rows, BATCH_CHUNK_MAX_ROWS)) chunks.push(chunk);
  return chunks;
}
const rowOf = (chars: number): BatchRowV1 => ({ inputs: { text: 'x'.repeat(chars) } });

describe('rowChunks', () => {
  it('puts rows together in their order, and names the place of the first', async () => {
    const rows = Array.from({ length: 2_500 }, (_, index) => ({ inputs: { index } }));
    const chunks = await chunksOf(rows);
    expect(chunks.map(({ first }) => first)).toEqual([0, BATCH_CHUNK_MAX_ROWS, 2 * BATCH_CHUNK_MAX_ROWS]);
    expect(chunks.flatMap(({ rows: some }) => some)).toEqual(rows);
  });

  it('makes small pieces of large rows, and one of its own of a row that is larger than a piece', async () => {
    const rows = [rowOf(10), rowOf(400_000), rowOf(50_000), rowOf(50_000), rowOf(50_000)];
    expect((await chunksOf(rows)).map(({ first, rows: some }) => [first, some.length])).toEqual([
      [0, 1],
      [1, 1],
      [2, 2],
      [4, 1],
    ]);
  });

  it('makes no piece of no row', async () => {
    expect(await chunksOf([])).toEqual([]);
  });
});

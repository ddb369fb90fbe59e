import { PAYLOAD_INLINE_MAX_BYTES } from '@dspy-nest/contracts';

/** Below what travels in one message, with room for what stands around the rows. */
const CHUNK_MAX_CHARS = PAYLOAD_INLINE_MAX_BYTES / 2;

/** Rows that are brought together, and the place of the first. */
export interface RowChunk<Row> {
  readonly first: number;
  readonly rows: Row[];
}

/** Rows in pieces that fit in a message each; a row that does not is a piece by itself. Rows are never held back for more than one piece. */
export async function* rowChunks<Row>(
  rows: AsyncIterable<Row> | Iterable<Row>,
  maxRows: number,
): AsyncGenerator<RowChunk<Row>> {
  let first = 0;
  let chunk: Row[] = [];
  let chars = 0;
  for await (const row of rows) {
    const length = JSON.stringify(row).length;
    if (chunk.length > 0 && (chars + length > CHUNK_MAX_CHARS || chunk.length === maxRows)) {
      yield { first, rows: chunk };
      first += chunk.length;
      chunk = [];
      chars = 0;
    }
    chunk.push(row);
    chars += length;
  }
  if (chunk.length > 0) yield { first, rows: chunk };
}

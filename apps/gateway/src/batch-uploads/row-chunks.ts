import { BATCH_CHUNK_MAX_ROWS, PAYLOAD_INLINE_MAX_BYTES, type BatchRowV1 } from '@dspy-nest/contracts';

/** Below what travels in one message, with room for what stands around the rows. */
const CHUNK_MAX_CHARS = PAYLOAD_INLINE_MAX_BYTES / 2;

/** Rows that are brought together, and the place of the first. */
export interface RowChunk {
  readonly first: number;
  readonly rows: BatchRowV1[];
}

/** Rows in pieces that fit in a message each; a row that does not is a piece by itself. Rows are never held back for more than one piece. */
export async function* rowChunks(rows: AsyncIterable<BatchRowV1> | Iterable<BatchRowV1>): AsyncGenerator<RowChunk> {
  let first = 0;
  let chunk: BatchRowV1[] = [];
  let chars = 0;
  for await (const row of rows) {
    const length = JSON.stringify(row).length;
    if (chunk.length > 0 && (chars + length > CHUNK_MAX_CHARS || chunk.length === BATCH_CHUNK_MAX_ROWS)) {
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

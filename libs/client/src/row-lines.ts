const PIECE_CHARS = 65_536;

const lineOf = (row: unknown): string => `${JSON.stringify(row)}\n`;

/** Rows as a body that can be sent again. */
export function toBlob(rows: readonly unknown[]): Blob {
  return new Blob(rows.map(lineOf));
}

/** Rows as a body that is made while it is sent, in pieces. */
export class RowSource {
  readonly stream: ReadableStream<Uint8Array>;
  /** What the rows threw, which ended the stream. */
  fault: unknown;

  constructor(rows: Iterable<unknown> | AsyncIterable<unknown>) {
    const iterator = Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : rows[Symbol.iterator]();
    this.stream = new ReadableStream({
      pull: (controller) => this.#fill(iterator, controller),
      cancel: async () => void (await iterator.return?.()),
    });
  }

  async #fill(
    iterator: Iterator<unknown> | AsyncIterator<unknown>,
    controller: ReadableStreamDefaultController<Uint8Array>,
  ): Promise<void> {
    try {
      const { piece, isLast } = await nextPiece(iterator);
      if (piece !== '') controller.enqueue(new TextEncoder().encode(piece));
      if (isLast) controller.close();
    } catch (fault) {
      this.fault = fault;
      throw fault;
    }
  }
}

async function nextPiece(
  iterator: Iterator<unknown> | AsyncIterator<unknown>,
): Promise<{ piece: string; isLast: boolean }> {
  let piece = '';
  while (piece.length < PIECE_CHARS) {
    const next = await iterator.next();
    if (next.done === true) return { piece, isLast: true };
    piece += lineOf(next.value);
  }
  return { piece, isLast: false };
}

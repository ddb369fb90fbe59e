import { setTimeout as pause } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import type { BatchResultV1, BatchV1 } from '@dspy-nest/contracts';
import { lineOf } from './batch-rows';

const ATTEMPTS = 60;
const PAUSE_MS = 500;
const LINES_TOGETHER = 500;
const READ_TIMEOUT_MS = 10_000;

/** A client of batches as the platform asks its clients to be: what breaks off is sent again under the same key, what was read is not read again. */
export class BatchClient {
  /** Requests that had to be repeated. */
  repeats = 0;
  private readonly urls: readonly string[];
  private turn = 0;

  constructor(urls: readonly string[]) {
    this.urls = urls;
  }

  /** Sends rows until they are taken. */
  upload(program: string, rows: number, key: string): Promise<BatchV1> {
    return this.insist(async (url) => {
      const response = await fetch(`${url}/v1/programs/${program}/batches?name=verify`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson', 'idempotency-key': key },
        body: Readable.toWeb(Readable.from(linesOf(rows), { objectMode: false })),
        duplex: 'half',
      } as RequestInit);
      const text = await response.text();
      if (response.status === 202) return JSON.parse(text) as BatchV1;
      throw new Error(`The upload was answered ${response.status}: ${text.slice(0, 500)}`);
    });
  }

  /** Reads how a batch stands. */
  read(id: string): Promise<BatchV1> {
    return this.insist(async (url) => {
      const response = await fetch(`${url}/v1/batches/${id}`, { signal: AbortSignal.timeout(READ_TIMEOUT_MS) });
      if (!response.ok) throw new Error(`The batch was answered ${response.status}.`);
      return (await response.json()) as BatchV1;
    });
  }

  /** Reads results to the end, going on after the last that came whole. */
  async results(id: string, take: (result: BatchResultV1) => void): Promise<void> {
    let after: number | undefined;
    await this.insist(async (url) => {
      const response = await fetch(`${url}/v1/batches/${id}/results${after === undefined ? '' : `?after=${after}`}`);
      if (!response.ok || response.body === null) throw new Error(`The results were answered ${response.status}.`);
      const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
      const cut: { error?: Error } = {};
      body.on('error', (error: Error) => (cut.error = error));
      for await (const line of createInterface({ input: body })) {
        const result = parsed(line);
        if (result === undefined) continue;
        take(result);
        after = result.index;
      }
      if (cut.error !== undefined) throw cut.error;
    });
  }

  private async insist<T>(ask: (url: string) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      this.turn += 1;
      try {
        return await ask(this.urls[this.turn % this.urls.length] ?? '');
      } catch (error) {
        if (attempt === ATTEMPTS) throw error;
        this.repeats += 1;
      }
      await pause(PAUSE_MS);
    }
  }
}

/** Of a line that was cut off only a part came. */
function parsed(line: string): BatchResultV1 | undefined {
  try {
    return JSON.parse(line) as BatchResultV1;
  } catch {
    return undefined;
  }
}

function* linesOf(rows: number): Generator<Buffer> {
  for (let first = 0; first < rows; first += LINES_TOGETHER) {
    const count = Math.min(LINES_TOGETHER, rows - first);
    yield Buffer.from(Array.from({ length: count }, (_, offset) => `${lineOf(first + offset)}\n`).join(''));
  }
}

import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import type { ContractName } from '../docs/contract-schemas';

const NDJSON = 'application/x-ndjson';

/** Results of a batch or an evaluation, in their order. */
interface ResultsPage {
  readonly items: readonly { readonly index: number }[];
  readonly more: boolean;
}

/** Results, one a line, as the content of an answer. */
export function resultLinesOf(name: ContractName): Record<string, { schema: object }> {
  // Members of JSON Schema 2020-12, which OpenAPI 3.1 has and the types of the library have not.
  const contentSchema = { $ref: `#/components/schemas/${name}` };
  return { [NDJSON]: { schema: { type: 'string', contentMediaType: NDJSON, contentSchema } } };
}

/** An answer with the lines of pages of results; a page is asked for when the one before was taken. */
export function streamResults(first: ResultsPage, next: (after: number) => Promise<ResultsPage>): StreamableFile {
  return new StreamableFile(Readable.from(resultLines(first, next), { objectMode: false }), { type: NDJSON });
}

async function* resultLines(first: ResultsPage, next: (after: number) => Promise<ResultsPage>): AsyncGenerator<string> {
  for (let page = first; ;) {
    const last = page.items.at(-1);
    if (last === undefined) return;
    yield `${page.items.map((item) => JSON.stringify(item)).join('\n')}\n`;
    if (!page.more) return;
    page = await next(last.index);
  }
}

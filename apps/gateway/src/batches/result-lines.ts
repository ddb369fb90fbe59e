import type { BatchResultsV1 } from '@dspy-nest/contracts';

/** The lines of pages of results; a page is asked for when the one before was taken. */
export async function* resultLines(
  first: BatchResultsV1,
  next: (after: number) => Promise<BatchResultsV1>,
): AsyncGenerator<string> {
  for (let page = first; ;) {
    const last = page.items.at(-1);
    if (last === undefined) return;
    yield `${page.items.map((item) => JSON.stringify(item)).join('\n')}\n`;
    if (!page.more) return;
    page = await next(last.index);
  }
}

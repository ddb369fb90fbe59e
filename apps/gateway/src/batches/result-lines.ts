/** Results of a batch or an evaluation, in their order. */
interface ResultsPage {
  readonly items: readonly { readonly index: number }[];
  readonly more: boolean;
}

/** The lines of pages of results; a page is asked for when the one before was taken. */
export async function* resultLines(
  first: ResultsPage,
  next: (after: number) => Promise<ResultsPage>,
): AsyncGenerator<string> {
  for (let page = first; ;) {
    const last = page.items.at(-1);
    if (last === undefined) return;
    yield `${page.items.map((item) => JSON.stringify(item)).join('\n')}\n`;
    if (!page.more) return;
    page = await next(last.index);
  }
}

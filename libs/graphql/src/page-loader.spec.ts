import type { PageRequest } from '@dspy-nest/contracts';
import { newContext } from '@dspy-nest/platform';
import { PageLoader } from './page-loader';

const page = (item: string) => ({ items: [item], cursors: ['c'], hasNext: false, hasPrevious: false });

describe('PageLoader', () => {
  it('reads the pages of all parents that ask for the same at once, and others apart', async () => {
    const fetches: unknown[] = [];
    const loader = new PageLoader(async (_ctx, parents: { id: string }[], request: PageRequest) => {
      fetches.push([parents.map(({ id }) => id), request]);
      return new Map(parents.map(({ id }) => [id, page(`${id} of ${request.limit}`)]));
    });
    const ctx = newContext();
    const asked = [
      loader.load(ctx, { id: 'a' }, { limit: 1 }),
      loader.load(ctx, { id: 'b' }, { limit: 1 }),
      loader.load(ctx, { id: 'a' }, { limit: 2 }),
      loader.load(ctx, { id: 'a' }, { limit: 1 }),
    ];
    const found = await Promise.all(asked);
    expect(found.map(({ items }) => items[0])).toEqual(['a of 1', 'b of 1', 'a of 2', 'a of 1']);
    expect(fetches).toEqual([
      [['a', 'b'], { limit: 1 }],
      [['a'], { limit: 2 }],
    ]);
  });

  it('tells when a page was not read', async () => {
    const loader = new PageLoader<{ id: string }, string>(async () => new Map());
    await expect(loader.load(newContext(), { id: 'a' }, {})).rejects.toThrow('No page was read of a.');
  });
});

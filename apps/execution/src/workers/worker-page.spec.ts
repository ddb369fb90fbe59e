import type { PageRequest, WorkerV1 } from '@dspy-nest/contracts';
import { encodeCursor } from '@dspy-nest/persistence';
import { ValidationFailedError } from '@dspy-nest/platform';
import { pageOfWorkers } from './worker-page';

const worker = (id: string, second: number): WorkerV1 =>
  ({ id, startedAt: `2026-01-01T00:00:0${second}.000Z` }) as Partial<WorkerV1> as WorkerV1;
// Two that started at once, and ids in another order than starts.
const FLEET = [worker('d', 0), worker('a', 1), worker('b', 1), worker('c', 2), worker('B', 3)];

const idsOf = ({ items }: { items: readonly WorkerV1[] }): string[] => items.map(({ id }) => id);

function readAll(request: PageRequest): string[][] {
  const pages: string[][] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = pageOfWorkers(FLEET, { ...request, ...(cursor !== undefined && { cursor }) });
    pages.push(idsOf(page));
    cursor = page.nextCursor;
  }
  return pages;
}

describe('pages of the fleet', () => {
  it('have each worker once, in both directions', () => {
    expect(readAll({ limit: 2 })).toEqual([['d', 'a'], ['b', 'c'], ['B']]);
    expect(readAll({ limit: 2, backwards: true })).toEqual([['c', 'B'], ['a', 'b'], ['d']]);
    expect(readAll({ limit: 5 })).toEqual([['d', 'a', 'b', 'c', 'B']]);
    expect(readAll({})).toEqual([['d', 'a', 'b', 'c', 'B']]);
  });

  it('say what lies on either side', () => {
    const first = pageOfWorkers(FLEET, { limit: 2 });
    expect(first).toMatchObject({ hasNext: true, hasPrevious: false });
    const after = pageOfWorkers(FLEET, { limit: 3, cursor: first.cursors[1]! });
    expect(after).toMatchObject({ hasNext: false, hasPrevious: true, nextCursor: null });
    const before = pageOfWorkers(FLEET, { limit: 1, cursor: after.cursors[0]!, backwards: true });
    expect([idsOf(before), before.hasNext, before.hasPrevious]).toEqual([['a'], true, true]);
  });

  it('go on behind a worker that has gone', () => {
    const { nextCursor } = pageOfWorkers(FLEET, { limit: 2 });
    const left = FLEET.filter(({ id }) => id !== 'a');
    expect(idsOf(pageOfWorkers(left, { cursor: nextCursor! }))).toEqual(['b', 'c', 'B']);
  });

  it.each<[string, PageRequest, string[]]>([
    ['a filter', { filter: { id: { eq: 'a' } } }, ['/filter']],
    ['a sort', { sort: '-startedAt' }, ['/sort']],
    ['both', { sort: 'id', filter: { id: { eq: 'a' } } }, ['/filter', '/sort']],
    ['no cursor', { cursor: 'x' }, ['/cursor']],
    ['a cursor of another list', { cursor: encodeCursor(['-createdAt', 'a', 'b']) }, ['/cursor']],
  ])('refuse %s', (_, request, pointers) => {
    expect(() => pageOfWorkers(FLEET, request)).toThrow(ValidationFailedError);
    try {
      pageOfWorkers(FLEET, request);
    } catch (error) {
      const { details } = error as ValidationFailedError;
      expect(details.errors?.map(({ pointer }) => pointer)).toEqual(pointers);
    }
  });
});

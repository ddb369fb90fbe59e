import type { Filter, PageRequest } from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';
import { createDatabase, startServers, type TestServers } from '@dspy-nest/testing';
import { Column, Entity, PrimaryColumn, type DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { encodeCursor, listPage, listPages, openDataSource, type ListDefinition, type ListPage } from '../src/index';

@Entity('books')
class BookEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'text' })
  tenant: string;

  @Column({ type: 'text' })
  title: string;

  @Column({ type: 'int', name: 'page_count' })
  pageCount: number;

  @Column({ type: 'boolean' })
  lent: boolean;

  @Column({ type: 'text', nullable: true })
  reader: string | null;

  @Column({ type: 'timestamptz', name: 'created_at' })
  createdAt: Date;
}

class CreateBooks1700000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE library.books (id uuid PRIMARY KEY, tenant text NOT NULL, title text NOT NULL,
      page_count int NOT NULL, lent boolean NOT NULL, reader text, created_at timestamptz NOT NULL)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE library.books');
  }
}

const DEFINITION: ListDefinition = {
  filterable: {
    id: { column: 'id', type: 'uuid' },
    title: { column: 'title', type: 'string' },
    pages: { column: 'pageCount', type: 'number' },
    lent: { column: 'lent', type: 'boolean' },
    reader: { column: 'reader', type: 'string', nullable: true },
    createdAt: { column: 'createdAt', type: 'timestamp' },
  },
  sortable: { createdAt: 'createdAt', title: 'title', pages: 'pageCount', reader: `COALESCE(book.reader, '')` },
  defaultSort: '-createdAt',
  idColumn: 'id',
};
const BOOKS = 23;
const id = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;

let servers: TestServers;
let database: { url: string; drop(): Promise<void> };
let dataSource: DataSource;

beforeAll(async () => {
  servers = await startServers({ only: ['postgres'] });
  database = await createDatabase(servers);
  const options = {
    url: database.url,
    schema: 'library',
    entities: [BookEntity],
    migrations: [CreateBooks1700000000000],
  };
  dataSource = await openDataSource(options);
  // Four books share each instant, some differ by one microsecond only, which a Date cannot tell apart.
  await dataSource.query(
    `INSERT INTO library.books
     SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'acme', 'Book ' || chr(65 + n % 7) || CASE WHEN n = 5 THEN ' 100%' ELSE '' END,
       n * 10, n % 2 = 0, CASE WHEN n % 2 = 0 THEN 'Reader ' || n END, timestamptz '2026-01-01T00:00:00Z' + (n / 4) * interval '1 microsecond'
     FROM generate_series(1, ${BOOKS}) n`,
  );
  await dataSource.query(
    `INSERT INTO library.books SELECT gen_random_uuid(), 'other', 'Book A', 1, true, NULL, now() FROM generate_series(1, 5)`,
  );
}, 60_000);

afterAll(async () => {
  await dataSource?.destroy();
  await database?.drop();
  await servers?.stop();
});

const list = (request: PageRequest): Promise<ListPage<BookEntity>> =>
  listPage(
    dataSource.getRepository(BookEntity).createQueryBuilder('book').where('book.tenant = :tenant', { tenant: 'acme' }),
    request,
    DEFINITION,
  );

const numbers = (page: ListPage<BookEntity>): number[] => page.items.map((book) => Number(book.id.slice(-12)));

async function readAll(request: PageRequest): Promise<number[]> {
  const seen: number[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await list({ ...request, ...(cursor && { cursor }) });
    seen.push(...(request.backwards ? numbers(page).reverse() : numbers(page)));
    cursor = page.nextCursor;
  } while (cursor);
  return seen;
}

/** A filter of that many levels. */
const nested = (levels: number): Filter => (levels === 1 ? { pages: { eq: 1 } } : { not: nested(levels - 1) });

const descending = Array.from({ length: BOOKS }, (_, n) => BOOKS - n);
const titleOf = (n: number): string => `Book ${String.fromCharCode(65 + (n % 7))}${n === 5 ? ' 100%' : ''}`;

describe('reading a list page by page', () => {
  it.each([1, 2, 3, 4, 7, 22, 23, 50])(
    'gives every row once, newest first, with %i a page, in spite of ties',
    async (limit) => {
      expect(await readAll({ limit })).toEqual(descending);
    },
  );

  it.each([
    'createdAt',
    'pages',
    '-pages',
    'title',
    '-title',
    'title,-createdAt,pages',
    '-reader,title',
    '-title,-pages',
    'title,-title',
  ])('gives every row once by %s, forwards and backwards', async (sort) => {
    const forwards = await readAll({ limit: 4, sort });
    expect(forwards.toSorted((a, b) => b - a)).toEqual(descending);
    expect(await readAll({ limit: 4, sort, backwards: true })).toEqual(forwards.toReversed());
  });

  it('sorts by what was asked', async () => {
    const titles = (await readAll({ limit: 5, sort: 'title' })).map(titleOf);
    expect(titles).toEqual(titles.toSorted());
  });

  it('sorts by several fields, each in its direction', async () => {
    const order = await readAll({ limit: 5, sort: 'title,-pages' });
    const expected = descending.toSorted((a, b) => titleOf(a).localeCompare(titleOf(b)) || b - a);
    expect(order).toEqual(expected);
  });

  it('says what lies on either side', async () => {
    const first = await list({ limit: 10 });
    expect(first).toMatchObject({ hasPrevious: false, hasNext: true, nextCursor: first.cursors[9] });
    const second = await list({ limit: 10, cursor: first.nextCursor! });
    expect(second).toMatchObject({ hasPrevious: true, hasNext: true });
    const last = await list({ limit: 10, cursor: second.nextCursor! });
    expect(last).toMatchObject({ hasPrevious: true, hasNext: false, nextCursor: null });
    const back = await list({ limit: 10, cursor: second.cursors[0]!, backwards: true });
    expect(numbers(back)).toEqual(numbers(first));
    expect(back).toMatchObject({ hasPrevious: false, hasNext: true, nextCursor: null });
  });

  it('is not disturbed by rows that come in between', async () => {
    const first = await list({ limit: 5 });
    await dataSource.query(`INSERT INTO library.books VALUES ($1, 'acme', 'New', 0, true, NULL, now())`, [id(999)]);
    const second = await list({ limit: 5, cursor: first.nextCursor! });
    await dataSource.query('DELETE FROM library.books WHERE id = $1', [id(999)]);
    expect(numbers(second)).toEqual(descending.slice(5, 10));
  });

  it('gives no more than a page may hold', async () => {
    expect((await list({ limit: 1_000_000 })).items).toHaveLength(BOOKS);
    expect((await list({ limit: -5 })).items).toHaveLength(1);
  });
});

describe('pages of many parents', () => {
  const titles = ['Book A', 'Book B', 'Book F 100%', 'none'];
  const pagesOf = async (request: PageRequest): Promise<Record<string, number[]>> => {
    const query = dataSource.getRepository(BookEntity).createQueryBuilder('book').where(`book.tenant = 'acme'`);
    const pages = await listPages(query, request, DEFINITION, { title: { type: 'text', values: titles } });
    return Object.fromEntries([...pages].map(([title, page]) => [title, numbers(page)]));
  };

  it('have for each what a list of it alone has', async () => {
    for (const request of [{}, { limit: 2 }, { limit: 2, backwards: true }, { sort: 'reader,-pages', limit: 1 }]) {
      const expected: Record<string, number[]> = {};
      for (const title of titles) {
        expected[title] = numbers(await list({ ...request, filter: { title: { eq: title } } }));
      }
      expect(await pagesOf(request)).toEqual(expected);
    }
  });

  it('are filtered, go on at a cursor and say what lies on either side', async () => {
    const query = dataSource.getRepository(BookEntity).createQueryBuilder('book').where(`book.tenant = 'acme'`);
    const parents = { title: { type: 'text', values: titles } } as const;
    const request = { limit: 2, filter: { pages: { gt: 10 } }, sort: 'pages' };
    const first = (await listPages(query.clone(), request, DEFINITION, parents)).get('Book B')!;
    expect(numbers(first)).toEqual([8, 15]);
    expect(first).toMatchObject({ hasNext: true, hasPrevious: false, nextCursor: first.cursors[1] });
    const next = await listPages(query.clone(), { ...request, cursor: first.nextCursor! }, DEFINITION, parents);
    expect(numbers(next.get('Book B')!)).toEqual([22]);
    expect(next.get('Book B')).toMatchObject({ hasNext: false, hasPrevious: true, nextCursor: null });
    expect(numbers(next.get('Book A')!)).toEqual([21]);
  });

  it('take parents that several columns tell', async () => {
    const query = dataSource.getRepository(BookEntity).createQueryBuilder('book');
    const parents = {
      title: { type: 'text', values: ['Book A', 'Book B'] },
      tenant: { type: 'text', values: ['other', 'acme'] },
    } as const;
    const pages = await listPages(query, {}, DEFINITION, parents);
    expect([pages.get('Book A')?.items.length, pages.get('Book B')?.items.length]).toEqual([5, 4]);
  });

  it('refuse what a list refuses', async () => {
    await expect(pagesOf({ sort: 'secret' })).rejects.toThrow(ValidationFailedError);
  });
});

describe('extras', () => {
  it('are read of the items of a page alone', async () => {
    // The database would refuse to compute it for the book of another page.
    const definition = { ...DEFINITION, extras: { inverse: '1000 / (book.pageCount - 10)' } };
    const query = dataSource.getRepository(BookEntity).createQueryBuilder('book').where(`book.tenant = 'acme'`);
    const page = await listPage(query.clone(), { limit: 3, sort: '-pages' }, definition);
    expect(page.extras).toMatchObject([{ inverse: 4 }, { inverse: 4 }, { inverse: 5 }]);
    const parents = { title: { type: 'text', values: ['Book B', 'Book C'] } } as const;
    const pages = await listPages(query.clone(), { limit: 1, sort: '-pages' }, definition, parents);
    expect(pages.get('Book C')?.extras).toMatchObject([{ inverse: 4 }]);
  });
});

describe('a filter', () => {
  it.each<[string, PageRequest['filter'], (n: number) => boolean]>([
    ['eq', { pages: { eq: 50 } }, (n) => n === 5],
    ['eq from a URL', { pages: { eq: '50' } }, (n) => n === 5],
    ['ne', { title: { ne: 'Book A' } }, (n) => titleOf(n) !== 'Book A'],
    ['in, a list', { title: { in: ['Book A', 'Book B'] } }, (n) => ['Book A', 'Book B'].includes(titleOf(n))],
    ['in, with commas', { pages: { in: '10,20' } }, (n) => n < 3],
    ['a range', { pages: { gt: 50, lte: 80 } }, (n) => n > 5 && n <= 8],
    ['the other range', { pages: { gte: 50, lt: 80 } }, (n) => n >= 5 && n < 8],
    ['contains, whatever the case', { title: { contains: 'OOK a' } }, (n) => titleOf(n) === 'Book A'],
    ['contains, % is no wildcard', { title: { contains: '0%' } }, (n) => n === 5],
    ['a boolean', { lent: { eq: 'true' } }, (n) => n % 2 === 0],
    ['a uuid', { id: { eq: id(7) } }, (n) => n === 7],
    ['a timestamp', { createdAt: { gt: '2025-12-31T23:59:59Z' } }, () => true],
    ['several fields', { lent: { eq: true }, pages: { lt: 50 } }, (n) => n % 2 === 0 && n < 5],
    ['notIn', { pages: { notIn: [10, 20] } }, (n) => n > 2],
    ['startsWith', { title: { startsWith: 'book a' } }, (n) => titleOf(n) === 'Book A'],
    ['endsWith', { title: { endsWith: '%' } }, (n) => n === 5],
    ['isNull', { reader: { isNull: true } }, (n) => n % 2 === 1],
    ['isNull from a URL', { reader: { isNull: 'false' } }, (n) => n % 2 === 0],
    ['ne, where null is another value', { reader: { ne: 'Reader 2' } }, (n) => n !== 2],
    ['notIn, where null is another value', { reader: { notIn: ['Reader 2', 'Reader 4'] } }, (n) => n !== 2 && n !== 4],
    ['or', { or: [{ pages: { eq: 10 } }, { pages: { eq: 30 } }], lent: { eq: false } }, (n) => n === 1 || n === 3],
    ['or of nothing', { or: [] }, () => false],
    ['and', { and: [{ pages: { gt: 50 } }, { pages: { lt: 80 } }] }, (n) => n > 5 && n < 8],
    ['not', { not: { reader: { eq: 'Reader 2' } } }, (n) => n !== 2],
    [
      'not within or',
      { or: [{ not: { pages: { gt: 20 } } }, { not: { pages: { lt: 230 } } }] },
      (n) => n < 3 || n === 23,
    ],
    ['nothing', {}, () => true],
    ['a quote in a value', { title: { eq: `'; DROP TABLE library.books; --` } }, () => false],
  ])('by %s finds what fits, over pages, within the tenant', async (_name, filter, fits) => {
    expect(await readAll({ limit: 2, filter })).toEqual(descending.filter(fits));
  });

  it.each<[PageRequest, string, RegExp]>([
    [
      { filter: { secret: { eq: 1 } } },
      '/filter/secret',
      /"secret".*allowed are id, title, pages, lent, reader, createdAt/,
    ],
    [{ filter: { constructor: { eq: 1 } } as never }, '/filter/constructor', /"constructor"/],
    [{ filter: { lent: { gt: true } } }, '/filter/lent/gt', /"gt".*allowed are eq, ne/],
    [{ filter: { pages: { contains: '1' } } }, '/filter/pages/contains', /"contains"/],
    [{ filter: { pages: { eq: 'many' } } }, '/filter/pages/eq', /a number/],
    [{ filter: { pages: { in: [] } } }, '/filter/pages/in', /a list of those/],
    [{ filter: { id: { eq: 'x' } } }, '/filter/id/eq', /a UUID/],
    [{ filter: { createdAt: { lt: 'yesterday' } } }, '/filter/createdAt/lt', /ISO 8601/],
    [{ filter: { pages: { eq: 1e12 } } }, '/filter', /does not fit/],
    [{ filter: { title: { eq: 'a\u0000b' } } }, '/filter', /does not fit/],
    [{ sort: 'secret' }, '/sort', /allowed are createdAt, title, pages, reader/],
    [{ sort: 'toString' }, '/sort', /allowed are/],
    [{ sort: 'title,secret' }, '/sort', /"secret"/],
    [{ sort: '' }, '/sort', /allowed are/],
    [{ filter: { or: [{ pages: { eq: 1 } }, { secret: { eq: 1 } }] } }, '/filter/or/1/secret', /"secret"/],
    [{ filter: { reader: { isNull: 'maybe' } } }, '/filter/reader/isNull', /true or false/],
    [{ filter: nested(6) }, '/filter/not/not/not/not/not', /nests more than 5 levels/],
    [
      { filter: { or: Array.from({ length: 51 }, (_, n) => ({ pages: { eq: n } })) } },
      '/filter/or/50/pages/eq',
      /more than 50/,
    ],
    [{ sort: '-title,pages', cursor: encodeCursor(['-title,pages', 'a', id(1)]) }, '/cursor', /cursor/],
    [{ cursor: 'nonsense' }, '/cursor', /cursor/],
    [{ cursor: encodeCursor(['-createdAt', 1, 2]) }, '/cursor', /cursor/],
    [{ cursor: encodeCursor(['title', 'a', id(1)]) }, '/cursor', /cursor/],
    [{ cursor: encodeCursor(['-createdAt', 'no time', id(1)]) }, '/filter', /does not fit/],
  ])('or sort or cursor that is wrong is refused: %j', async (request, pointer, message) => {
    const error: unknown = await list(request).catch((thrown: unknown) => thrown);
    if (!(error instanceof ValidationFailedError)) throw new Error('The list was not refused.');
    expect(error.details.errors?.[0]?.pointer).toBe(pointer);
    expect(error.message).toMatch(message);
  });

  it('that is wrong in several places names them all', async () => {
    const refused = list({ filter: { secret: { eq: 1 }, pages: { eq: 'x', contains: 'y' } } });
    await expect(refused).rejects.toMatchObject({
      details: {
        errors: [{ pointer: '/filter/secret' }, { pointer: '/filter/pages/eq' }, { pointer: '/filter/pages/contains' }],
      },
    });
  });
});

describe('a definition that names a column which is not there', () => {
  it('is the programmer’s mistake, not the caller’s', async () => {
    const query = dataSource.getRepository(BookEntity).createQueryBuilder('book');
    await expect(listPage(query, {}, { ...DEFINITION, idColumn: 'isbn' })).rejects.toThrow(RangeError);
  });
});

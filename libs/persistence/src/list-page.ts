import type { Page, PageRequest } from '@dspy-nest/contracts';
import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { columnPath } from './column-path';
import type { ListDefinition } from './list-definition';
import { openWindow, orderBy, readRows, type PageWindow, type PlacedRow } from './page-window';

/** A page with what a Relay connection says too; `nextCursor` goes on in the direction of reading. */
export interface ListPage<E> extends Page<E> {
  /** Of each item. */
  cursors: string[];
  /** Of each item what the definition names as extras, and whatever else was selected. */
  extras: Readonly<Record<string, unknown>>[];
  hasNext: boolean;
  hasPrevious: boolean;
}

/**
 * The parents that have a page each: columns of the listed entity, in which all values of one parent stand at the same place.
 * The first column tells parents apart.
 */
export type Parents = Readonly<Record<string, { readonly type: 'uuid' | 'text'; readonly values: readonly string[] }>>;

/**
 * Reads one page by key set, so that page 10,000 costs what page 1 costs. The caller has already restricted the query to the
 * tenant. Throws ValidationFailedError for a bad cursor, filter, sort or limit.
 */
export async function listPage<E extends ObjectLiteral>(
  query: SelectQueryBuilder<E>,
  request: PageRequest,
  definition: ListDefinition,
): Promise<ListPage<E>> {
  const found = definition.extras === undefined ? query : query.clone();
  const window = openWindow(found, request, definition);
  orderBy(found, window).limit(window.limit + 1);
  if (found === query) return toPage(await readRows(found, window), window);
  const id = columnPath(query, definition.idColumn);
  query.andWhere(`${id} IN (${found.select(id, 'id').getQuery()})`, found.getParameters());
  return toPage(await readRows(withExtras(query, window, definition), window), window);
}

/**
 * Reads a page of each parent by one statement, as {@link listPage} reads one; by the first column of the parent. What a page
 * costs does not depend on how much its parent has.
 */
export async function listPages<E extends ObjectLiteral>(
  query: SelectQueryBuilder<E>,
  request: PageRequest,
  definition: ListDefinition,
  parents: Parents,
): Promise<Map<string, ListPage<E>>> {
  const found = query.clone();
  const window = openWindow(found, request, definition);
  const paths = Object.keys(parents).map((column) => columnPath(query, column));
  paths.forEach((path, index) => found.andWhere(`${path} = parent.c${index}`));
  const id = columnPath(query, definition.idColumn);
  const page = orderBy(found.select(id, 'id'), window).limit(window.limit + 1);
  const ofParents = paths.map((_, index) => `parent.c${index}`).join(', ');
  query.andWhere(
    `(${paths.join(', ')}, ${id}) IN (
      SELECT ${ofParents}, page.id FROM ${rowsOf(parents)} CROSS JOIN LATERAL (${page.getQuery()}) AS page)`,
    page.getParameters(),
  );
  Object.values(parents).forEach(({ values }, index) => query.setParameter(`parent_${index}`, values));
  query.addSelect(`CAST(${paths[0]!} AS text)`, 'page_parent');
  const rows = await readRows(withExtras(query, window, definition), window);
  const byParent = Map.groupBy(rows, ({ raw }) => raw['page_parent']);
  const { values } = Object.values(parents)[0]!;
  return new Map(values.map((parent) => [parent, toPage(byParent.get(parent) ?? [], window)]));
}

/** The parents as rows of SQL, with a column `c<n>` for each of theirs. */
function rowsOf(parents: Parents): string {
  const columns = Object.values(parents);
  const arrays = columns.map(({ type }, index) => `CAST(:parent_${index} AS ${type}[])`);
  return `unnest(${arrays.join(', ')}) AS parent(${columns.map((_, index) => `c${index}`).join(', ')})`;
}

/** The query in the order of its pages, reading what is read of the items of pages alone. */
function withExtras<E extends ObjectLiteral>(
  query: SelectQueryBuilder<E>,
  window: PageWindow,
  { extras = {} }: ListDefinition,
): SelectQueryBuilder<E> {
  for (const [name, expression] of Object.entries(extras)) query.addSelect(expression, name);
  return orderBy(query, window);
}

function toPage<E>(rows: PlacedRow<E>[], { limit, backwards, continued }: PageWindow): ListPage<E> {
  const more = rows.length > limit;
  const shown = rows.slice(0, limit);
  const nextCursor = more ? (shown.at(-1)?.cursor ?? null) : null;
  if (backwards) shown.reverse();
  return {
    items: shown.map(({ entity }) => entity),
    cursors: shown.map(({ cursor }) => cursor),
    extras: shown.map(({ raw }) => raw),
    nextCursor,
    hasNext: backwards ? continued : more,
    hasPrevious: backwards ? more : continued,
  };
}

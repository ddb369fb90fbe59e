import { PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX, type Page, type PageRequest } from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';
import { QueryFailedError, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';
import { columnPath } from './column-path';
import { badCursor, decodeCursor, encodeCursor } from './cursor';
import type { ListDefinition } from './list-definition';
import { applyFilter } from './list-filter';

const SORT_KEY = 'page_sort_key';
const ID_KEY = 'page_id_key';
/** SQLSTATE class of values that do not fit their column. */
const DATA_EXCEPTION = '22';

/** A page with what a Relay connection says too; `nextCursor` goes on in the direction of reading. */
export interface ListPage<E> extends Page<E> {
  /** Of each item. */
  cursors: string[];
  hasNext: boolean;
  hasPrevious: boolean;
}

/**
 * Reads one page by key set, so that page 10,000 costs what page 1 costs. The caller has already restricted the query to the
 * tenant. Throws ValidationFailedError for a bad cursor, filter, sort or limit.
 */
export async function listPage<E extends ObjectLiteral>(
  query: SelectQueryBuilder<E>,
  request: PageRequest,
  definition: ListDefinition,
): Promise<ListPage<E>> {
  const limit = Math.min(Math.max(request.limit ?? PAGE_LIMIT_DEFAULT, 1), PAGE_LIMIT_MAX);
  const backwards = request.backwards ?? false;
  const sort = readSort(request.sort ?? definition.defaultSort, definition);
  const sortColumn = columnPath(query, sort.column);
  const idColumn = columnPath(query, definition.idColumn);
  if (request.filter) applyFilter(query, request.filter, definition);
  const descending = sort.descending !== backwards;
  if (request.cursor !== undefined) {
    const [key, id] = readCursor(request.cursor, sort.name);
    query.andWhere(`(${sortColumn}, ${idColumn}) ${descending ? '<' : '>'} (:pageKey, :pageId)`, {
      pageKey: key,
      pageId: id,
    });
  }
  const direction = descending ? 'DESC' : 'ASC';
  // As text the keys keep the microseconds that a Date loses.
  query.addSelect(`CAST(${sortColumn} AS text)`, SORT_KEY).addSelect(`CAST(${idColumn} AS text)`, ID_KEY);
  query
    .orderBy(sortColumn, direction)
    .addOrderBy(idColumn, direction)
    .limit(limit + 1);
  const { entities, raw } = await run(query);
  const cursors = raw.map((row) => encodeCursor([sort.name, row[SORT_KEY], row[ID_KEY]]));
  return toPage(entities, cursors, { limit, backwards, continued: request.cursor !== undefined });
}

interface Read {
  limit: number;
  backwards: boolean;
  /** Whether the page began at a cursor, so that there is something on its other side. */
  continued: boolean;
}

function toPage<E>(entities: E[], allCursors: string[], { limit, backwards, continued }: Read): ListPage<E> {
  const more = entities.length > limit;
  const items = entities.slice(0, limit);
  const cursors = allCursors.slice(0, limit);
  const nextCursor = more ? (cursors.at(-1) ?? null) : null;
  return backwards
    ? { items: items.reverse(), cursors: cursors.reverse(), nextCursor, hasNext: continued, hasPrevious: more }
    : { items, cursors, nextCursor, hasNext: more, hasPrevious: continued };
}

function readSort(sort: string, { sortable }: ListDefinition): { name: string; column: string; descending: boolean } {
  const descending = sort.startsWith('-');
  const name = descending ? sort.slice(1) : sort;
  const column = Object.hasOwn(sortable, name) ? sortable[name] : undefined;
  if (column === undefined) {
    const allowed = Object.keys(sortable).join(', ');
    const message = `"${name}" cannot be sorted by; allowed are ${allowed}, with "-" in front for descending.`;
    throw new ValidationFailedError(message, [{ pointer: '/sort', code: 'unknown_sort', message }]);
  }
  return { name: sort, column, descending };
}

function readCursor(cursor: string, sort: string): [string, string] {
  const [ofSort, key, id, ...rest] = decodeCursor(cursor);
  if (typeof key !== 'string' || typeof id !== 'string' || rest.length > 0) throw badCursor();
  if (ofSort !== sort) throw badCursor();
  return [key, id];
}

async function run<E extends ObjectLiteral>(
  query: SelectQueryBuilder<E>,
): Promise<{ entities: E[]; raw: Record<string, string>[] }> {
  try {
    return await query.getRawAndEntities<Record<string, string>>();
  } catch (error) {
    const code = error instanceof QueryFailedError ? (error.driverError as { code?: string }).code : undefined;
    if (!code?.startsWith(DATA_EXCEPTION)) throw error;
    const message = 'A value of the filter or the cursor does not fit its column.';
    throw new ValidationFailedError(message, [{ pointer: '/filter', code: 'bad_value', message }], { cause: error });
  }
}

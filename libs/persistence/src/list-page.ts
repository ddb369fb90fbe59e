import { PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX, SORT_KEYS_MAX, type Page, type PageRequest } from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';
import { QueryFailedError, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';
import { columnPath } from './column-path';
import { badCursor, decodeCursor, encodeCursor } from './cursor';
import type { ListDefinition } from './list-definition';
import { applyFilter } from './list-filter';

const KEY = 'page_key_';
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
  const sort = request.sort ?? definition.defaultSort;
  const keys = readSort(sort, definition).map(({ column, descending }) => ({
    path: columnPath(query, column),
    descending: descending !== backwards,
  }));
  if (request.filter) applyFilter(query, request.filter, definition);
  if (request.cursor !== undefined) {
    const values = readCursor(request.cursor, sort, keys.length);
    query.andWhere(beyond(keys), Object.fromEntries(values.map((value, index) => [`${KEY}${index}`, value])));
  }
  keys.forEach(({ path, descending }, index) => {
    // As text the keys keep the microseconds that a Date loses.
    query.addSelect(`CAST(${path} AS text)`, `${KEY}${index}`).addOrderBy(path, descending ? 'DESC' : 'ASC');
  });
  query.limit(limit + 1);
  const { entities, raw } = await run(query);
  const cursors = raw.map((row) => encodeCursor([sort, ...keys.map((_, index) => row[`${KEY}${index}`])]));
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

interface SortKey {
  readonly path: string;
  readonly descending: boolean;
}

/** What lies behind the row whose keys are the parameters. Keys of one direction are one comparison, which an index can follow. */
function beyond(keys: SortKey[]): string {
  const operator = ({ descending }: SortKey): string => (descending ? '<' : '>');
  const parameter = (index: number): string => `:${KEY}${index}`;
  if (new Set(keys.map(operator)).size === 1) {
    const paths = keys.map(({ path }) => path).join(', ');
    return `(${paths}) ${operator(keys[0]!)} (${keys.map((_, index) => parameter(index)).join(', ')})`;
  }
  const steps = keys.map((key, index) => {
    const same = keys.slice(0, index).map(({ path }, before) => `${path} = ${parameter(before)}`);
    return [...same, `${key.path} ${operator(key)} ${parameter(index)}`].join(' AND ');
  });
  return `(${steps.map((step) => `(${step})`).join(' OR ')})`;
}

interface SortColumn {
  readonly column: string;
  readonly descending: boolean;
}

/** The columns of a sort and, in the direction of the last, the one that breaks ties. */
function readSort(sort: string, { sortable, idColumn }: ListDefinition): SortColumn[] {
  const names = sort.split(',');
  const columns = names.map((signed) => {
    const descending = signed.startsWith('-');
    const name = descending ? signed.slice(1) : signed;
    const column = Object.hasOwn(sortable, name) ? sortable[name] : undefined;
    if (column !== undefined) return { column, descending };
    const allowed = Object.keys(sortable).join(', ');
    throw badSort(`"${name}" cannot be sorted by; allowed are ${allowed}, with "-" in front for descending.`);
  });
  if (names.length > SORT_KEYS_MAX) throw badSort(`A list is sorted by at most ${SORT_KEYS_MAX} fields.`);
  // What a field is sorted by again says nothing more.
  const told = columns.filter(({ column }, index) => columns.findIndex((one) => one.column === column) === index);
  return [...told, { column: idColumn, descending: told.at(-1)!.descending }];
}

function badSort(message: string): ValidationFailedError {
  return new ValidationFailedError(message, [{ pointer: '/sort', code: 'unknown_sort', message }]);
}

function readCursor(cursor: string, sort: string, keys: number): string[] {
  const [ofSort, ...values] = decodeCursor(cursor);
  if (ofSort !== sort || values.length !== keys) throw badCursor();
  return values.map((value) => {
    if (typeof value === 'string') return value;
    throw badCursor();
  });
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

import { PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX, type PageRequest } from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';
import { QueryFailedError, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';
import { columnPath } from './column-path';
import { badCursor, decodeCursor, encodeCursor } from './cursor';
import type { ListDefinition } from './list-definition';
import { applyFilter } from './list-filter';
import { readSort } from './list-sort';

const KEY = 'page_key_';
/** SQLSTATE class of values that do not fit their column. */
const DATA_EXCEPTION = '22';

interface WindowKey {
  readonly path: string;
  readonly descending: boolean;
}

/** Which part of a list a page is. */
export interface PageWindow {
  readonly limit: number;
  readonly backwards: boolean;
  /** Whether the page begins at a cursor, so that there is something on its other side. */
  readonly continued: boolean;
  readonly sort: string;
  readonly keys: readonly WindowKey[];
}

/** A row of a list: the entity, what was selected beside it, and its place in the list. */
export interface PlacedRow<E> {
  readonly entity: E;
  readonly raw: Readonly<Record<string, unknown>>;
  readonly cursor: string;
}

/** Restricts a query to what a request asks for, but for the order and the number of rows; throws ValidationFailedError. */
export function openWindow<E extends ObjectLiteral>(
  query: SelectQueryBuilder<E>,
  request: PageRequest,
  definition: ListDefinition,
): PageWindow {
  const limit = Math.min(Math.max(request.limit ?? PAGE_LIMIT_DEFAULT, 1), PAGE_LIMIT_MAX);
  const { backwards = false, sort = definition.defaultSort } = request;
  const keys = readSort(sort, definition).map(({ column, descending }) => ({
    path: columnPath(query, column),
    descending: descending !== backwards,
  }));
  if (request.filter) applyFilter(query, request.filter, definition);
  if (request.cursor !== undefined) {
    const values = readCursor(request.cursor, sort, keys.length);
    query.andWhere(beyond(keys), Object.fromEntries(values.map((value, index) => [`${KEY}${index}`, value])));
  }
  return { limit, backwards, continued: request.cursor !== undefined, sort, keys };
}

/** Orders a query as its window says. */
export function orderBy<E extends ObjectLiteral>(
  query: SelectQueryBuilder<E>,
  { keys }: PageWindow,
): SelectQueryBuilder<E> {
  for (const { path, descending } of keys) query.addOrderBy(path, descending ? 'DESC' : 'ASC');
  return query;
}

/** Runs a query that is ordered as its window says. */
export async function readRows<E extends ObjectLiteral>(
  query: SelectQueryBuilder<E>,
  { sort, keys }: PageWindow,
): Promise<PlacedRow<E>[]> {
  // As text the keys keep the microseconds that a Date loses.
  keys.forEach(({ path }, index) => query.addSelect(`CAST(${path} AS text)`, `${KEY}${index}`));
  const { entities, raw } = await run(query);
  return entities.map((entity, row) => {
    const values = keys.map((_, index) => raw[row]![`${KEY}${index}`]);
    return { entity, raw: raw[row]!, cursor: encodeCursor([sort, ...values]) };
  });
}

/** What lies behind the row whose keys are the parameters. Keys of one direction are one comparison, which an index can follow. */
function beyond(keys: readonly WindowKey[]): string {
  const operator = ({ descending }: WindowKey): string => (descending ? '<' : '>');
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
): Promise<{ entities: E[]; raw: Record<string, unknown>[] }> {
  try {
    return await query.getRawAndEntities<Record<string, unknown>>();
  } catch (error) {
    const code = error instanceof QueryFailedError ? (error.driverError as { code?: string }).code : undefined;
    if (!code?.startsWith(DATA_EXCEPTION)) throw error;
    const message = 'A value of the filter or the cursor does not fit its column.';
    throw new ValidationFailedError(message, [{ pointer: '/filter', code: 'bad_value', message }], { cause: error });
  }
}

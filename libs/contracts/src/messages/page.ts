import { z } from 'zod';

/** Rows a page holds by default and at most. */
export const PAGE_LIMIT_DEFAULT = 50;
export const PAGE_LIMIT_MAX = 200;

/** The comparisons a filter knows. */
export const FILTER_OPERATORS = [
  'eq',
  'ne',
  'in',
  'notIn',
  'gt',
  'gte',
  'lt',
  'lte',
  'contains',
  'startsWith',
  'endsWith',
  'isNull',
] as const;

/** Levels of `and`, `or` and `not` in a filter, conditions in all of it, and keys of a sort, at most. */
export const FILTER_DEPTH_MAX = 5;
export const FILTER_CONDITIONS_MAX = 50;
export const SORT_KEYS_MAX = 5;

const FilterValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()])).max(100)]);

const FilterConditions = z.partialRecord(z.enum(FILTER_OPERATORS), FilterValue);
/** What a field is compared with. */
export type FilterConditions = z.infer<typeof FilterConditions>;

/** `{field: {op: value}, and: […], or: […], not: {…}}`, all of which must hold; which fields may be filtered is the resource's to say. */
export interface Filter {
  and?: Filter[];
  or?: Filter[];
  not?: Filter;
  [field: string]: FilterConditions | Filter | Filter[] | undefined;
}
export const Filter: z.ZodType<Filter> = z
  .object({
    and: z
      .array(z.lazy(() => Filter))
      .max(FILTER_CONDITIONS_MAX)
      .optional(),
    or: z
      .array(z.lazy(() => Filter))
      .max(FILTER_CONDITIONS_MAX)
      .optional(),
    not: z.lazy(() => Filter).optional(),
  })
  .catchall(FilterConditions)
  .meta({ id: 'Filter' });

/** Asks for a page. `cursor` is what the page before gave; `sort` fields with commas, `-` in front for descending. */
export const PageRequest = z
  .strictObject({
    limit: z.int().min(1).max(PAGE_LIMIT_MAX).optional(),
    cursor: z.string().max(1_000).optional(),
    sort: z.string().max(200).optional(),
    filter: Filter.optional(),
    backwards: z
      .boolean()
      .optional()
      .meta({ description: 'Read towards the start, for `before` of a Relay connection.' }),
  })
  .meta({ id: 'PageRequest' });
export type PageRequest = z.infer<typeof PageRequest>;

/** A page and the cursor of the next, null at the end. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

import { z } from 'zod';

/** Rows a page holds by default and at most. */
export const PAGE_LIMIT_DEFAULT = 50;
export const PAGE_LIMIT_MAX = 200;

/** The comparisons a filter knows. */
export const FILTER_OPERATORS = ['eq', 'ne', 'in', 'gt', 'gte', 'lt', 'lte', 'contains'] as const;

const FilterValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()])).max(100)]);

/** `{field: {op: value}}`; which fields may be filtered is the resource's to say. */
export const Filter = z
  .record(z.string(), z.partialRecord(z.enum(FILTER_OPERATORS), FilterValue))
  .meta({ id: 'Filter' });
export type Filter = z.infer<typeof Filter>;

/** Asks for a page. `cursor` is what the page before gave; `sort` a field, with `-` for descending. */
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

/** How the values of a column are written in a filter. */
export type ColumnType = 'string' | 'number' | 'timestamp' | 'uuid' | 'boolean';

/** Something that a filter compares. */
export interface FilterableColumn {
  column: string;
  type: ColumnType;
  nullable?: boolean;
}

/**
 * What callers may do with a list. A column is a property of the listed entity, or an expression of what the query has under its
 * aliases, such as `alias.property` of a joined entity.
 */
export interface ListDefinition {
  filterable: Record<string, FilterableColumn>;
  /** Public name to column; what is sorted by is never null. */
  sortable: Record<string, string>;
  /** Public names with commas, with `-` for descending. */
  defaultSort: string;
  /** The unique column that breaks ties; in pages of many parents it need be unique within its parent only. */
  idColumn: string;
  /** What is read beside the entities, name to SQL: of the items of a page alone, for it may cost too much for all that is sorted. */
  extras?: Record<string, string>;
}

/** How the values of a column are written in a filter. */
export type ColumnType = 'string' | 'number' | 'timestamp' | 'uuid' | 'boolean';

/** What callers may do with a list. A column is a property of the listed entity, or `alias.property` of a joined one. */
export interface ListDefinition {
  filterable: Record<string, { column: string; type: ColumnType }>;
  /** Public name to column; the columns are never null. */
  sortable: Record<string, string>;
  /** A public name, with `-` for descending. */
  defaultSort: string;
  /** The unique column that breaks ties. */
  idColumn: string;
}

import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';

/** `alias.property` as TypeORM reads it; throws RangeError for a column that the listed entity does not have. */
export function columnPath<E extends ObjectLiteral>(query: SelectQueryBuilder<E>, column: string): string {
  if (column.includes('.')) return column;
  const found = query.expressionMap.mainAlias?.metadata.columns.find(
    ({ propertyName, databaseName }) => propertyName === column || databaseName === column,
  );
  if (!found) throw new RangeError(`The listed entity has no column "${column}".`);
  return `${query.alias}.${found.propertyPath}`;
}

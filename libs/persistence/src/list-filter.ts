import { FILTER_OPERATORS, type ErrorItem, type Filter } from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';
import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { columnPath } from './column-path';
import type { ColumnType, ListDefinition } from './list-definition';

type Operator = (typeof FILTER_OPERATORS)[number];

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const COMPARISONS = { eq: '=', ne: '<>', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;
const OPERATORS: Record<ColumnType, readonly Operator[]> = {
  string: FILTER_OPERATORS,
  number: ['eq', 'ne', 'in', 'gt', 'gte', 'lt', 'lte'],
  timestamp: ['eq', 'ne', 'in', 'gt', 'gte', 'lt', 'lte'],
  uuid: ['eq', 'ne', 'in'],
  boolean: ['eq', 'ne'],
};
const EXPECTED: Record<ColumnType, string> = {
  string: 'a text',
  number: 'a number',
  timestamp: 'an ISO 8601 date-time',
  uuid: 'a UUID',
  boolean: 'true or false',
};

/** Adds a filter to a query, every value a parameter; throws ValidationFailedError that names all wrong parts and what is allowed. */
export function applyFilter<E extends ObjectLiteral>(
  query: SelectQueryBuilder<E>,
  filter: Filter,
  { filterable }: ListDefinition,
): void {
  const errors: ErrorItem[] = [];
  for (const [name, conditions] of Object.entries(filter)) {
    const field = Object.hasOwn(filterable, name) ? filterable[name] : undefined;
    if (field === undefined) {
      const allowed = Object.keys(filterable).join(', ');
      errors.push(item(name, 'unknown_filter', `"${name}" cannot be filtered; allowed are ${allowed}.`));
      continue;
    }
    for (const [operator, given] of Object.entries(conditions)) {
      const condition = { name, operator, given, ...field };
      const error = addCondition(query, condition);
      if (error) errors.push(error);
    }
  }
  if (errors.length > 0) throw new ValidationFailedError(errors.map(({ message }) => message).join(' '), errors);
}

interface Condition {
  name: string;
  operator: string;
  given: unknown;
  column: string;
  type: ColumnType;
}

function addCondition<E extends ObjectLiteral>(
  query: SelectQueryBuilder<E>,
  condition: Condition,
): ErrorItem | undefined {
  const { name, operator, given, column, type } = condition;
  const place = `${name}/${operator}`;
  if (!isOperator(operator, type)) {
    const allowed = OPERATORS[type].join(', ');
    return item(place, 'unknown_operator', `"${operator}" does not work on "${name}"; allowed are ${allowed}.`);
  }
  const values = operator === 'in' ? toList(given) : [given];
  const parsed = values.map((value) => parseValue(value, type));
  if (parsed.some((value) => value === undefined)) {
    const many = operator === 'in' ? ', or a list of those' : '';
    return item(place, 'bad_value', `"${name}" is compared with ${EXPECTED[type]}${many}.`);
  }
  // Parameters of one query need different names; the same field and operator come at most once.
  const parameter = `filter_${name}_${operator}`;
  const path = columnPath(query, column);
  if (operator === 'in') query.andWhere(`${path} IN (:...${parameter})`, { [parameter]: parsed });
  else if (operator === 'contains')
    query.andWhere(`${path} ILIKE :${parameter}`, { [parameter]: likePattern(String(given)) });
  else query.andWhere(`${path} ${COMPARISONS[operator]} :${parameter}`, { [parameter]: parsed[0] });
  return undefined;
}

function isOperator(operator: string, type: ColumnType): operator is Operator {
  return (OPERATORS[type] as readonly string[]).includes(operator);
}

/** A URL writes a list with commas. An empty list is kept as one bad value: `IN ()` is no SQL. */
function toList(given: unknown): unknown[] {
  const list = Array.isArray(given) ? given : String(given).split(',');
  return list.length === 0 ? [undefined] : list;
}

/** The value for the database, undefined when it does not fit the type. A URL gives texts only. */
function parseValue(value: unknown, type: ColumnType): string | number | boolean | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  const text = String(value);
  switch (type) {
    case 'string':
      return text;
    case 'number':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
    case 'timestamp':
      return Number.isNaN(Date.parse(text)) ? undefined : new Date(text).toISOString();
    case 'uuid':
      return UUID.test(text) ? text : undefined;
    case 'boolean':
      return text === 'true' || text === 'false' ? text === 'true' : undefined;
  }
}

function likePattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

function item(place: string, code: string, message: string): ErrorItem {
  return { pointer: `/filter/${place}`, code, message };
}

import {
  FILTER_CONDITIONS_MAX,
  FILTER_DEPTH_MAX,
  FILTER_OPERATORS,
  type ErrorItem,
  type Filter,
  type FilterConditions,
} from '@dspy-nest/contracts';
import { isUuid, ValidationFailedError } from '@dspy-nest/platform';
import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { columnPath } from './column-path';
import type { ColumnType, ListDefinition } from './list-definition';

type Operator = (typeof FILTER_OPERATORS)[number];

const COMPARISONS = { eq: '=', ne: '<>', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;
const PATTERNS = {
  contains: (text: string): string => `%${literal(text)}%`,
  startsWith: (text: string): string => `${literal(text)}%`,
  endsWith: (text: string): string => `%${literal(text)}`,
};
const EQUALITY = ['eq', 'ne', 'in', 'notIn', 'isNull'] as const;
const ORDER = [...EQUALITY, 'gt', 'gte', 'lt', 'lte'] as const;
const OPERATORS: Record<ColumnType, readonly Operator[]> = {
  string: FILTER_OPERATORS,
  number: ORDER,
  timestamp: ORDER,
  uuid: EQUALITY,
  boolean: ['eq', 'ne', 'isNull'],
};
const EXPECTED: Record<ColumnType, string> = {
  string: 'a text',
  number: 'a number',
  timestamp: 'an ISO 8601 date-time',
  uuid: 'a UUID',
  boolean: 'true or false',
};

/** A filter on its way to SQL. */
interface Reading {
  readonly filterable: ListDefinition['filterable'];
  readonly pathOf: (column: string) => string;
  readonly parameters: Record<string, unknown>;
  readonly errors: ErrorItem[];
  conditions: number;
}

/** Adds a filter to a query, every value a parameter; throws ValidationFailedError that names all wrong parts and what is allowed. */
export function applyFilter<E extends ObjectLiteral>(
  query: SelectQueryBuilder<E>,
  filter: Filter,
  { filterable }: ListDefinition,
): void {
  const pathOf = (column: string): string => columnPath(query, column);
  const reading: Reading = { filterable, pathOf, parameters: {}, errors: [], conditions: 0 };
  const sql = readFilter(filter, '', 1, reading);
  const { errors, parameters } = reading;
  if (errors.length > 0) throw new ValidationFailedError(errors.map(({ message }) => message).join(' '), errors);
  query.andWhere(sql, parameters);
}

/** The SQL of a filter. What compares with null is unknown to SQL; `not` gives all that the filter does not give. */
function readFilter(filter: Filter, place: string, depth: number, reading: Reading): string {
  if (depth > FILTER_DEPTH_MAX) {
    const message = `The filter nests more than ${FILTER_DEPTH_MAX} levels of "and", "or" and "not"; ask for less at once.`;
    return refuse(reading, item(place.slice(1), 'filter_too_deep', message));
  }
  const { and = [], or, not, ...fields } = filter;
  const inner = (one: Filter, at: string): string => readFilter(one, `${place}/${at}`, depth + 1, reading);
  const parts = Object.entries(fields as Record<string, FilterConditions>).flatMap(([name, conditions]) =>
    readField(name, conditions, place, reading),
  );
  parts.push(...and.map((one, index) => inner(one, `and/${index}`)));
  if (or !== undefined)
    parts.push(
      joined(
        or.map((one, index) => inner(one, `or/${index}`)),
        'OR',
        'FALSE',
      ),
    );
  if (not !== undefined) parts.push(`${inner(not, 'not')} IS NOT TRUE`);
  return joined(parts, 'AND', 'TRUE');
}

const joined = (parts: string[], by: string, empty: string): string =>
  parts.length === 0 ? empty : `(${parts.join(` ${by} `)})`;

function readField(name: string, conditions: FilterConditions, place: string, reading: Reading): string[] {
  const { filterable } = reading;
  const field = Object.hasOwn(filterable, name) ? filterable[name] : undefined;
  const at = `${place}/${name}`.slice(1);
  if (field === undefined) {
    const allowed = Object.keys(filterable).join(', ');
    return [refuse(reading, item(at, 'unknown_filter', `"${name}" cannot be filtered; allowed are ${allowed}.`))];
  }
  return Object.entries(conditions).map(([operator, given]) =>
    readCondition({ name, operator, given, place: `${at}/${operator}`, ...field }, reading),
  );
}

interface Condition {
  name: string;
  operator: string;
  given: unknown;
  place: string;
  column: string;
  type: ColumnType;
  nullable?: boolean;
}

function readCondition(condition: Condition, reading: Reading): string {
  const { name, operator, given, place, type } = condition;
  if (!isOperator(operator, type)) {
    const allowed = OPERATORS[type].join(', ');
    const message = `"${operator}" does not work on "${name}"; allowed are ${allowed}.`;
    return refuse(reading, item(place, 'unknown_operator', message));
  }
  const isList = operator === 'in' || operator === 'notIn';
  const expected = operator === 'isNull' ? 'boolean' : type;
  const values = (isList ? toList(given) : [given]).map((value) => parseValue(value, expected));
  if (values.includes(undefined)) {
    const many = isList ? ', or a list of those' : '';
    return refuse(reading, item(place, 'bad_value', `"${name}" is compared with ${EXPECTED[expected]}${many}.`));
  }
  reading.conditions += 1;
  if (reading.conditions === FILTER_CONDITIONS_MAX + 1) {
    const message = `The filter has more than ${FILTER_CONDITIONS_MAX} conditions; use "in", or ask several times.`;
    return refuse(reading, item(place, 'filter_too_large', message));
  }
  const parameter = `filter_${reading.conditions}`;
  reading.parameters[parameter] = isList ? values : isPattern(operator) ? PATTERNS[operator](String(given)) : values[0];
  const path = reading.pathOf(condition.column);
  if (operator === 'isNull') return `${path} IS ${values[0] === true ? '' : 'NOT '}NULL`;
  return comparison(path, operator, parameter, condition.nullable);
}

/** SQL knows of a null neither that it is a value nor that it is not: here it is not. */
function comparison(path: string, operator: Operator, parameter: string, nullable = false): string {
  if (operator === 'in') return `${path} IN (:...${parameter})`;
  if (operator === 'notIn') return `(${path} IN (:...${parameter})) IS NOT TRUE`;
  if (operator === 'ne' && nullable) return `${path} IS DISTINCT FROM :${parameter}`;
  if (isPattern(operator)) return `${path} ILIKE :${parameter}`;
  return `${path} ${COMPARISONS[operator as keyof typeof COMPARISONS]} :${parameter}`;
}

/** Notes what is wrong; what stands in its place is never run. */
function refuse({ errors }: Reading, error: ErrorItem): string {
  errors.push(error);
  return 'FALSE';
}

function isPattern(operator: Operator): operator is keyof typeof PATTERNS {
  return operator in PATTERNS;
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
      return isUuid(text) ? text : undefined;
    case 'boolean':
      return text === 'true' || text === 'false' ? text === 'true' : undefined;
  }
}

/** A text in which no character stands for others. */
function literal(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

function item(place: string, code: string, message: string): ErrorItem {
  return { pointer: place === '' ? '/filter' : `/filter/${place}`, code, message };
}

import { applyDecorators } from '@nestjs/common';
import { ApiQuery, ApiResponse } from '@nestjs/swagger';
import { PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX, SORT_KEYS_MAX } from '@dspy-nest/contracts';
import { ApiProblems } from './api-answers';
import type { ContractName } from './contract-schemas';

/** What the values of a field are, which decides how it can be compared. */
type FilterType = 'text' | 'integer' | 'number' | 'time' | 'id' | 'boolean';

/** What callers may do with a list. */
export interface ListDescription {
  readonly filters: Record<string, FilterType>;
  /** The first, descending, is the order of a list that names none. */
  readonly sorts: readonly string[];
}

const EQUALITY = ['eq', 'ne', 'in', 'notIn', 'isNull'];
const ORDERED = [...EQUALITY, 'gt', 'gte', 'lt', 'lte'];
const OPERATORS: Record<FilterType, readonly string[]> = {
  text: [...ORDERED, 'contains', 'startsWith', 'endsWith'],
  integer: ORDERED,
  number: ORDERED,
  time: ORDERED,
  id: EQUALITY,
  boolean: ['eq', 'ne', 'isNull'],
};
const UUID = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const INSTANT = String.raw`20\d{2}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ`;
const VALUES: Record<FilterType, object> = {
  text: { type: 'string', maxLength: 1_000, pattern: String.raw`^[^\u0000]*$` },
  integer: { type: 'integer', minimum: 0, maximum: 2_147_483_647 },
  number: { type: 'number' },
  time: { type: 'string', format: 'date-time' },
  id: { type: 'string', format: 'uuid', pattern: `^${UUID}$` },
  boolean: { type: 'boolean' },
};
const listOf = (value: string): object => ({ type: 'string', pattern: `^${value}(,${value}){0,9}$` });
const LISTS: Record<Exclude<FilterType, 'boolean'>, object> = {
  text: VALUES.text,
  integer: listOf(String.raw`\d{1,9}`),
  number: listOf(String.raw`\d{1,9}(\.\d{1,9})?`),
  time: listOf(INSTANT),
  id: listOf(UUID),
};

/** Documents a page of messages under `items`, with the parameters that choose it. */
export function ApiPageAnswer(name: ContractName, { filters, sorts }: ListDescription): MethodDecorator {
  const item = { $ref: `#/components/schemas/${name}` };
  const schema = {
    type: 'object',
    required: ['items', 'nextCursor'],
    properties: { items: { type: 'array', items: item }, nextCursor: { type: ['string', 'null'] } },
  };
  return applyDecorators(
    ApiPosition(),
    ...(sorts.length > 0 ? [ApiSort(sorts)] : []),
    ...Object.entries(filters).map(([field, type]) => ApiFilter(field, type)),
    ApiResponse({
      status: 200,
      description: 'A page and the cursor of the next, null at the end.',
      content: { 'application/json': { schema } },
    }),
    ApiProblems('validation_failed'),
  );
}

function ApiPosition(): MethodDecorator {
  const limit = { type: 'integer', minimum: 1, maximum: PAGE_LIMIT_MAX, default: PAGE_LIMIT_DEFAULT } as const;
  return applyDecorators(
    ApiQuery({ name: 'limit', required: false, description: 'How many at most.', schema: limit }),
    ApiQuery({
      name: 'cursor',
      required: false,
      description: 'The `nextCursor` of the page before, in the same order.',
      schema: { type: 'string', minLength: 1, maxLength: 1_000 },
    }),
  );
}

function ApiSort(sorts: readonly string[]): MethodDecorator {
  const values = sorts.flatMap((field) => [`-${field}`, field]);
  const items = { type: 'string', enum: values } as const;
  return ApiQuery({
    name: 'sort',
    required: false,
    description: 'Fields, separated by commas; the first counts most, `-` before one is for descending order.',
    style: 'form',
    explode: false,
    schema: { type: 'array', items, minItems: 1, maxItems: SORT_KEYS_MAX, default: values.slice(0, 1) },
  });
}

function ApiFilter(field: string, type: FilterType): MethodDecorator {
  const properties = Object.fromEntries(OPERATORS[type].map((operator) => [operator, operandOf(type, operator)]));
  return ApiQuery({
    name: `filter[${field}]`,
    required: false,
    description: `\`filter[${field}][op]=value\``,
    style: 'deepObject',
    explode: true,
    schema: { type: 'object', properties, additionalProperties: false },
  });
}

function operandOf(type: FilterType, operator: string): object {
  if (operator === 'isNull') return { type: 'boolean', description: 'Whether there is no value.' };
  if (type === 'boolean' || !['in', 'notIn'].includes(operator)) return VALUES[type];
  return { ...LISTS[type], description: 'Values, separated by commas.' };
}

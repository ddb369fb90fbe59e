import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import {
  FILTER_OPERATORS,
  PAGE_LIMIT_MAX,
  type ErrorItem,
  type FilterConditions,
  type PageRequest,
} from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';
import type { FastifyRequest } from 'fastify';

const FILTER_NAME = /^filter\[([A-Za-z][A-Za-z0-9]{0,62})\]\[([a-zA-Z]{1,20})\]$/;
const SORT = /^-?[A-Za-z][A-Za-z0-9]{0,62}(,-?[A-Za-z][A-Za-z0-9]{0,62}){0,4}$/;
const COMBINATIONS = ['and', 'or', 'not'];
const CURSOR_MAX_CHARS = 1_000;
const VALUE_MAX_CHARS = 1_000;
const IN_MAX_VALUES = 100;

type Operator = (typeof FILTER_OPERATORS)[number];
type Conditions = Record<string, FilterConditions>;
type Refuse = (rule: string) => void;

/** The page a list request asks for: `?limit=&cursor=&filter[field][op]=&sort=-field`. */
export const ListQuery = createParamDecorator((_: unknown, host: ExecutionContext): PageRequest =>
  parseListQuery(host.switchToHttp().getRequest<FastifyRequest>().query as Record<string, string | string[]>),
);

/** Reads a flat query; throws ValidationFailedError that names every bad parameter. Which fields exist is the resource's to say. */
export function parseListQuery(query: Record<string, string | string[]>): PageRequest {
  const page: PageRequest = {};
  const errors: ErrorItem[] = [];
  for (const [name, given] of Object.entries(query)) {
    const refuse: Refuse = (rule) => errors.push(errorItem(name, rule));
    if (Array.isArray(given)) refuse('must be given once');
    else readParameter(page, name, given, refuse);
  }
  if (errors.length > 0) throw new ValidationFailedError(errors.map(({ message }) => message).join(' '), errors);
  return page;
}

function readParameter(page: PageRequest, name: string, value: string, refuse: Refuse): void {
  if (name === 'limit') page.limit = readLimit(value, refuse);
  else if (name === 'cursor') page.cursor = readCursor(value, refuse);
  else if (name === 'sort') page.sort = readSort(value, refuse);
  else if (name.startsWith('filter')) readFilter((page.filter ??= {}) as Conditions, name, value, refuse);
  else refuse('is not known here: use limit, cursor, sort and filter[field][op]');
}

function readLimit(value: string, refuse: Refuse): number | undefined {
  const limit = /^\d{1,4}$/.test(value) ? Number(value) : 0;
  if (limit >= 1 && limit <= PAGE_LIMIT_MAX) return limit;
  refuse(`must be an integer from 1 to ${PAGE_LIMIT_MAX}`);
  return undefined;
}

function readCursor(value: string, refuse: Refuse): string | undefined {
  if (value.length > 0 && value.length <= CURSOR_MAX_CHARS) return value;
  refuse('must be the nextCursor of the page before');
  return undefined;
}

function readSort(value: string, refuse: Refuse): string | undefined {
  if (SORT.test(value)) return value;
  refuse(
    'must be a field name, with "-" before it for descending order, such as -createdAt, or up to five with commas',
  );
  return undefined;
}

function readFilter(filter: Conditions, name: string, value: string, refuse: Refuse): void {
  const [, field, operator] = FILTER_NAME.exec(name) ?? [];
  if (field === undefined || operator === undefined) return refuse('must have the form filter[field][op]');
  if (COMBINATIONS.includes(field)) return refuse('is no field: filters are combined in GraphQL; here all must hold');
  if (!isOperator(operator))
    return refuse(`has the unknown operator "${operator}": use ${FILTER_OPERATORS.join(', ')}`);
  if (value.length > VALUE_MAX_CHARS) return refuse(`must have at most ${VALUE_MAX_CHARS} characters`);
  const values = operator === 'in' || operator === 'notIn' ? value.split(',') : value;
  if (values.length > IN_MAX_VALUES && Array.isArray(values))
    return refuse(`must list at most ${IN_MAX_VALUES} values`);
  filter[field] = { ...filter[field], [operator]: values };
}

function isOperator(text: string): text is Operator {
  return (FILTER_OPERATORS as readonly string[]).includes(text);
}

function errorItem(name: string, rule: string): ErrorItem {
  const shown = name.slice(0, 100);
  const pointer = `/${shown.replace(/~/g, '~0').replace(/\//g, '~1')}`;
  return { pointer, code: 'invalid_parameter', message: `The query parameter "${shown}" ${rule}.` };
}

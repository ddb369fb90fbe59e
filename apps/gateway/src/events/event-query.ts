import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { ErrorItem, FilterConditions } from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';
import type { FastifyRequest } from 'fastify';
import { parseListQuery } from '../input/list-query';
import { EVENT_FILTER_FIELDS, type EventFilter } from './event-filter';

const OPERATORS = ['eq', 'in'] as const;

/** The filter of a request for events: `?filter[field][eq]=` or `[in]=` with values separated by commas. */
export const EventQuery = createParamDecorator((_: unknown, host: ExecutionContext): EventFilter => {
  const { after: _after, ...query } = host.switchToHttp().getRequest<FastifyRequest>().query as Record<string, string>;
  return parseEventQuery(query);
});

/** Reads the filter; throws ValidationFailedError that names every bad parameter. */
export function parseEventQuery(query: Record<string, string | string[]>): EventFilter {
  const { filter: given = {}, ...page } = parseListQuery(query);
  const filter = given as Record<string, FilterConditions>;
  const errors = [
    ...Object.keys(page).map((name) => errorItem(name, 'is not known here: use after and filter[field][op]')),
    ...Object.entries(filter).flatMap(([field, operators]) => faultOf(field, operators)),
  ];
  if (errors.length > 0) throw new ValidationFailedError(errors.map(({ message }) => message).join(' '), errors);
  return Object.fromEntries(Object.entries(filter).map(([field, { eq, in: any }]) => [field, valuesOf(any ?? eq)]));
}

function faultOf(field: string, operators: FilterConditions): ErrorItem[] {
  const name = `filter[${field}]`;
  if (!(EVENT_FILTER_FIELDS as readonly string[]).includes(field))
    return [errorItem(name, `is not known here: events can be chosen by ${EVENT_FILTER_FIELDS.join(', ')}`)];
  const given = Object.keys(operators);
  if (given.length === 1 && (OPERATORS as readonly string[]).includes(given[0]!)) return [];
  return [errorItem(name, `must be given with one operator of ${OPERATORS.join(', ')}`)];
}

function valuesOf(given: unknown): string[] {
  return [given].flat().map(String);
}

function errorItem(name: string, rule: string): ErrorItem {
  return { pointer: `/${name}`, code: 'invalid_parameter', message: `The query parameter "${name}" ${rule}.` };
}

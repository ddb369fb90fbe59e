import { applyDecorators } from '@nestjs/common';
import { ApiQuery, ApiResponse } from '@nestjs/swagger';
import {
  ERROR_CODES,
  FILTER_OPERATORS,
  PAGE_LIMIT_DEFAULT,
  PAGE_LIMIT_MAX,
  type ErrorCode,
} from '@dspy-nest/contracts';
import type { ContractName } from './contract-schemas';

const COMMON_PROBLEMS: ErrorCode[] = ['malformed_request', 'forbidden', 'internal', 'service_unavailable', 'timed_out'];

const RETRY_AFTER = {
  'Retry-After': { description: 'Seconds to wait, where that is known.', schema: { type: 'integer', minimum: 1 } },
} as const;

const schemaOf = (name: ContractName) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: object, example?: unknown) => ({
  'application/json': example === undefined ? { schema } : { schema, example },
});

/** Documents a success that carries one message of the contracts. */
export function ApiAnswer(status: number, name: ContractName, description: string, example?: unknown): MethodDecorator {
  return ApiResponse({ status, description, content: json(schemaOf(name), example) });
}

/** Documents that an execution was accepted and can be read at `Location`. */
export function ApiAccepted(): MethodDecorator {
  const text = { schema: { type: 'string' } } as const;
  return ApiResponse({
    status: 202,
    description: 'Accepted; read the execution at `Location`.',
    headers: { Location: text, 'Preference-Applied': text },
    content: json(schemaOf('Execution')),
  });
}

/** Documents a success that carries a list of messages under `items`, with the parameters that choose the page. */
export function ApiPageAnswer(name: ContractName, filterable: string[]): MethodDecorator & ClassDecorator {
  const schema = {
    type: 'object',
    required: ['items', 'nextCursor'],
    properties: { items: { type: 'array', items: schemaOf(name) }, nextCursor: { type: ['string', 'null'] } },
  };
  const operators = FILTER_OPERATORS.join(', ');
  const filter = `\`filter[field][op]=value\`; fields: ${filterable.join(', ')}; operators: ${operators}. \`in\` takes values separated by commas.`;
  return applyDecorators(
    ApiQuery({
      name: 'limit',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: PAGE_LIMIT_MAX, default: PAGE_LIMIT_DEFAULT },
    }),
    ApiQuery({
      name: 'cursor',
      required: false,
      description: 'The `nextCursor` of the page before.',
      schema: { type: 'string' },
    }),
    ApiQuery({
      name: 'sort',
      required: false,
      description: 'A field; `-` before it for descending order.',
      example: '-createdAt',
      schema: { type: 'string' },
    }),
    ApiQuery({
      name: 'filter',
      required: false,
      description: filter,
      style: 'deepObject',
      explode: true,
      schema: { type: 'object', additionalProperties: { type: 'object', additionalProperties: { type: 'string' } } },
    }),
    ApiResponse({
      status: 200,
      description: 'A page and the cursor of the next, null at the end.',
      content: json(schema),
    }),
    ApiProblems('validation_failed'),
  );
}

/** Documents the problems of a route beside those that every route may answer; codes of one status share an entry. */
export function ApiProblems(...codes: ErrorCode[]): MethodDecorator & ClassDecorator {
  const byStatus = Map.groupBy([...COMMON_PROBLEMS, ...codes], (code) => ERROR_CODES[code].httpStatus);
  return applyDecorators(...[...byStatus].map(([status, group]) => problemResponse(status, group)));
}

function problemResponse(status: number, codes: ErrorCode[]): MethodDecorator & ClassDecorator {
  const description = codes.map((code) => `\`${code}\`: ${ERROR_CODES[code].title}`).join('; ');
  const examples = Object.fromEntries(codes.map((code) => [code, { value: problemExample(code) }]));
  const retryable = codes.some((code) => ERROR_CODES[code].retryable);
  return ApiResponse({
    status,
    description,
    ...(retryable && { headers: RETRY_AFTER }),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, examples } },
  });
}

function problemExample(code: ErrorCode): object {
  const { httpStatus, title } = ERROR_CODES[code];
  return {
    type: `urn:dspy-nest:problem:${code}`,
    title,
    status: httpStatus,
    detail: 'What is wrong, the rule it breaks and the remedy.',
    code,
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    errors: [],
  };
}

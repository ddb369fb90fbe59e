import { applyDecorators } from '@nestjs/common';
import { ApiResponse, type ApiResponseMetadata } from '@nestjs/swagger';
import { ERROR_CODES, type ErrorCode } from '@dspy-nest/contracts';
import { QUEUED_EXAMPLE } from './examples';
import type { ContractName } from './contract-schemas';

const COMMON_PROBLEMS: ErrorCode[] = ['malformed_request', 'forbidden', 'internal', 'service_unavailable', 'timed_out'];

/** The problems of a route that takes a body. */
export const BODY_PROBLEMS = ['payload_too_large', 'unsupported_media_type'] as const satisfies ErrorCode[];

const RETRY_AFTER = {
  'Retry-After': { description: 'Seconds to wait, where that is known.', schema: { type: 'integer', minimum: 1 } },
} as const;

const schemaOf = (name: ContractName) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: object, example?: unknown) => ({
  'application/json': example === undefined ? { schema } : { schema, example },
});

type Content = NonNullable<ApiResponseMetadata['content']>;

/** A stream of events, the data of each of which is one of these messages, as the content of an answer. */
export function eventStreamOf(...names: ContractName[]): Content {
  return eventStream(names.length === 1 ? schemaOf(names[0]!) : { anyOf: names.map(schemaOf) });
}

/** A stream of events as the content of an answer. OpenAPI 3.1 cannot tell a stream from an event; the schema is of an event. */
export function eventStream(message: object): Content {
  // Members of JSON Schema 2020-12, which OpenAPI 3.1 has and the types of the library have not.
  const data: object = { type: 'string', contentMediaType: 'application/json', contentSchema: message };
  const text = { type: 'string' } as const;
  const schema = { type: 'object', properties: { id: text, event: text, data }, required: ['data'] };
  return { 'text/event-stream': { schema } };
}

/** What an answer may be documented with besides its message. */
interface AnswerExtras {
  readonly example?: unknown;
  readonly headers?: NonNullable<ApiResponseMetadata['headers']>;
  /** What a caller who accepts `text/event-stream` is told instead, one message an event. */
  readonly streams?: ContractName;
}

/** Documents a success that carries one message of the contracts. */
export function ApiAnswer(
  status: number,
  name: ContractName,
  description: string,
  { example, headers, streams }: AnswerExtras = {},
): MethodDecorator {
  const content = { ...json(schemaOf(name), example), ...(streams && eventStreamOf(streams)) };
  return ApiResponse({ status, description, ...(headers && { headers }), content });
}

/** Documents that an execution was accepted and can be read at `Location`. */
export function ApiAccepted(): MethodDecorator {
  const text = { schema: { type: 'string' } } as const;
  return ApiResponse({
    status: 202,
    description: 'Accepted; read the execution at `Location`.',
    headers: { Location: text, 'Preference-Applied': text },
    content: json(schemaOf('Execution'), QUEUED_EXAMPLE),
  });
}

/** Documents the problems of a route beside those that every route may answer; codes of one status share an entry. */
export function ApiProblems(...codes: ErrorCode[]): MethodDecorator & ClassDecorator {
  return ApiProblemsBeside({}, ...codes);
}

/** Documents the problems of a route which, in some statuses, may answer in the form of its own protocol instead. */
export function ApiProblemsBeside(
  own: Record<number, Content>,
  ...codes: ErrorCode[]
): MethodDecorator & ClassDecorator {
  const byStatus = Map.groupBy([...COMMON_PROBLEMS, ...codes], (code) => ERROR_CODES[code].httpStatus);
  return applyDecorators(...[...byStatus].map(([status, group]) => problemResponse(status, group, own[status])));
}

function problemResponse(status: number, codes: ErrorCode[], own?: Content): MethodDecorator & ClassDecorator {
  const description = codes.map((code) => `\`${code}\`: ${ERROR_CODES[code].title}`).join('; ');
  const examples = Object.fromEntries(codes.map((code) => [code, { value: problemExample(code) }]));
  const retryable = codes.some((code) => ERROR_CODES[code].retryable);
  return ApiResponse({
    status,
    description,
    ...(retryable && { headers: RETRY_AFTER }),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, examples }, ...own },
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

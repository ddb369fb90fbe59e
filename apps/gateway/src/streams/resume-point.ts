import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader, ApiQuery } from '@nestjs/swagger';
import { ValidationFailedError } from '@dspy-nest/platform';
import type { FastifyRequest } from 'fastify';

const SEQUENCE = /^\d{1,15}$/;
const SEQUENCE_SCHEMA = { type: 'integer', minimum: 0, maximum: 999_999_999_999_999 } as const;
// An empty header is null in the terms of OpenAPI.
const HEADER_SCHEMA: object = { ...SEQUENCE_SCHEMA, type: ['integer', 'null'] };

/** The number after which a stream begins: `Last-Event-ID`, which a client sends that lost its connection, else `?after=`. */
export const ResumePoint = createParamDecorator((_: unknown, host: ExecutionContext): number | undefined => {
  const { headers, query } = host.switchToHttp().getRequest<FastifyRequest>();
  const { after } = query as Record<string, unknown>;
  return readResumePoint(headers['last-event-id'], after);
});

/** Reads the two places; throws ValidationFailedError that names the wrong one. */
export function readResumePoint(lastEventId: unknown, after: unknown): number | undefined {
  const asked = after === undefined ? undefined : readSequence('after', after);
  return lastEventId === undefined || lastEventId === '' ? asked : readSequence('Last-Event-ID', lastEventId);
}

/** Documents both places. */
export function ApiResumePoint(): MethodDecorator {
  const description = 'Leaves out events up to this number.';
  return applyDecorators(
    ApiQuery({ name: 'after', required: false, description, schema: SEQUENCE_SCHEMA }),
    ApiHeader({
      name: 'Last-Event-ID',
      required: false,
      description: 'The id of the last event that was seen; goes before `after`. Empty is as if it were not there.',
      schema: HEADER_SCHEMA,
    }),
  );
}

/** Reads the number of an event; throws ValidationFailedError that names the place. */
export function readSequence(name: string, given: unknown): number {
  if (typeof given === 'string' && SEQUENCE.test(given)) return Number(given);
  const message = `${name} must be the number of an event, an integer from 0, such as the id of the last event you saw.`;
  throw new ValidationFailedError(message, [{ pointer: `/${name}`, code: 'invalid_parameter', message }]);
}

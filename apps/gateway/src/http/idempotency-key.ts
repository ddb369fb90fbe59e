import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { IDEMPOTENCY_KEY, type ErrorCode } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import type { FastifyRequest } from 'fastify';
import { MalformedRequestError } from './http.errors';
import './request-context';

/** The problems of a route that takes an Idempotency-Key. */
export const IDEMPOTENCY_PROBLEMS = [
  'idempotency_key_reused',
  'idempotency_key_in_flight',
] as const satisfies ErrorCode[];

/** The RequestContext of an HTTP request that creates or executes, with what the caller names it by. */
export const KeyedCaller = createParamDecorator((_: unknown, host: ExecutionContext): RequestContext => {
  const { caller, headers } = host.switchToHttp().getRequest<FastifyRequest>();
  return withIdempotencyKey(caller, headers['idempotency-key']);
});

/** Adds the key of an `Idempotency-Key` header to a context; throws MalformedRequestError that names the header. */
export function withIdempotencyKey(caller: RequestContext, given: string | string[] | undefined): RequestContext {
  if (given === undefined) return caller;
  if (typeof given === 'string' && IDEMPOTENCY_KEY.test(given)) return { ...caller, idempotencyKey: given };
  const message =
    'The header Idempotency-Key must be given once, with 1 to 255 visible ASCII characters and no white space. ' +
    'A new UUID for each thing you want done will do.';
  throw new MalformedRequestError(message, [{ pointer: '', code: 'invalid_idempotency_key', message }]);
}

/** Documents the header. */
export function ApiIdempotencyKey(): MethodDecorator {
  return ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description:
      'Names what is asked for, so that asking again does it once. The same key and body get the first answer for 24 hours.',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: IDEMPOTENCY_KEY.source },
  });
}

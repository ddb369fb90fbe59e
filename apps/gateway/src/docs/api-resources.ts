import { applyDecorators, UseInterceptors } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import { IF_MATCH_PATTERN } from '../http/entity-tag';
import { EntityTagInterceptor } from '../http/entity-tag.interceptor';
import { ApiAnswer } from './api-answers';
import type { ContractName } from './contract-schemas';

/** The header that names what was answered. */
export const ETAG_HEADER = { ETag: { description: 'Names what was answered.', schema: { type: 'string' } } } as const;

/** A route that answers one resource, and its `ETag`. */
export function AnswersResource(status: number, name: ContractName, description: string): MethodDecorator {
  return applyDecorators(
    UseInterceptors(EntityTagInterceptor),
    ApiAnswer(status, name, description, { headers: ETAG_HEADER }),
  );
}

/** A route that reads one resource: what the caller has already is not sent again. */
export function ReadsResource(name: ContractName, description: string): MethodDecorator {
  return applyDecorators(AnswersResource(200, name, description), ApiNotModified());
}

/** Documents that a caller may say what it has. */
export function ApiNotModified(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'If-None-Match',
      required: false,
      description: 'The `ETag` of what the caller has.',
      schema: { type: 'string' },
    }),
    ApiResponse({ status: 304, description: 'The caller has it.', headers: ETAG_HEADER }),
  );
}

/** Documents that a change may be bound to what the caller saw. */
export function ApiIfMatch(): MethodDecorator {
  return ApiHeader({
    name: 'If-Match',
    required: false,
    description:
      'The `ETag` of what is to be changed. When it has changed since, nothing is done and the answer is 412 `version_conflict`.',
    schema: { type: 'string', pattern: IF_MATCH_PATTERN },
  });
}

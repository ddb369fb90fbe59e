import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { ERROR_CODES, type ErrorCode } from '@dspy-nest/contracts';
import type { z } from 'zod';
import { openApiSchema } from '../docs/open-api-schema';
import { OpenAiError, openAiCode, openAiStatus } from './openai-error';

const COMMON: ErrorCode[] = ['malformed_request', 'forbidden', 'internal', 'service_unavailable', 'timed_out'];

/** Documents a success of the OpenAI route. */
export function ApiOpenAiAnswer(schema: z.ZodType, description: string, more: object = {}): MethodDecorator {
  const content = { 'application/json': { schema: openApiSchema(schema) }, ...more };
  return ApiResponse({ status: 200, description, content });
}

/** Documents the errors of a route beside those that every route may answer, in the form of OpenAI. */
export function ApiOpenAiErrors(...codes: ErrorCode[]): MethodDecorator {
  const byStatus = Map.groupBy([...COMMON, ...codes], (code) => openAiStatus(ERROR_CODES[code].httpStatus));
  const schema = openApiSchema(OpenAiError);
  return applyDecorators(
    ...[...byStatus].map(([status, group]) => {
      const told = group.map((code) => `\`${openAiCode(code)}\`: ${ERROR_CODES[code].title}`);
      const description = [...new Set(told)].join('; ');
      return ApiResponse({ status, description, content: { 'application/json': { schema } } });
    }),
  );
}

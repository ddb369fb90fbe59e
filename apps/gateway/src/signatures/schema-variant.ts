import type { PipeTransform } from '@nestjs/common';
import { ValidationFailedError } from '@dspy-nest/platform';

/** The dialects in which the schemas of a signature can be had, beside plain JSON Schema. */
export const SCHEMA_VARIANTS = ['openai-strict'] as const;

export type SchemaVariant = (typeof SCHEMA_VARIANTS)[number];

class SchemaVariantPipe implements PipeTransform<unknown, SchemaVariant | undefined> {
  transform(given: unknown): SchemaVariant | undefined {
    const variant = SCHEMA_VARIANTS.find((known) => known === given);
    if (variant !== undefined || given === undefined) return variant;
    const message = `The query parameter "variant" must be ${SCHEMA_VARIANTS.join(' or ')}, or be left out.`;
    throw new ValidationFailedError(message, [{ pointer: '/variant', code: 'invalid_parameter', message }]);
  }
}

/** The variant that a request asks for, if any. */
export const schemaVariant = new SchemaVariantPipe();

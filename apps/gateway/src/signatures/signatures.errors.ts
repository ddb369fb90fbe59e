import { AppError } from '@dspy-nest/platform';
import type { JsonSchemaIssue } from '@dspy-nest/signature';
import type { SchemaVariant } from './schema-variant';

/** A signature holds what the asked variant of JSON Schema cannot say; `details.errors` gives each place in the plain schemas. */
export class SchemaNotExpressibleError extends AppError {
  readonly code = 'unsupported_option';

  constructor(variant: SchemaVariant, errors: JsonSchemaIssue[]) {
    const places = errors.map(({ pointer }) => pointer).join(', ');
    super(
      `The signature has no schema of variant ${variant}: see ${places}. Change these types, or leave "variant" out.`,
      {
        details: { errors },
      },
    );
  }
}

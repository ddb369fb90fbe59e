import {
  inputJsonSchema,
  JsonSchemaError,
  openAiStrictInputSchema,
  openAiStrictOutputSchema,
  outputJsonSchema,
  type JsonSchema,
  type JsonSchemaIssue,
  type SignatureSpec,
} from '@dspy-nest/signature';
import type { SchemaVariant } from './schema-variant';
import { SchemaNotExpressibleError } from './signatures.errors';

/** The JSON Schemas of a signature's inputs and outputs. */
export interface SignatureJsonSchemas {
  input: JsonSchema;
  output: JsonSchema;
}

/** The JSON Schemas of both sides of a signature; throws SchemaNotExpressibleError where the variant has no form for a type. */
export function jsonSchemasOf(
  signature: Pick<SignatureSpec, 'inputs' | 'outputs'>,
  variant?: SchemaVariant,
): SignatureJsonSchemas {
  if (variant === undefined) return { input: inputJsonSchema(signature), output: outputJsonSchema(signature) };
  const issues: JsonSchemaIssue[] = [];
  const input = collectIssues(issues, () => openAiStrictInputSchema(signature));
  const output = collectIssues(issues, () => openAiStrictOutputSchema(signature));
  if (input === undefined || output === undefined) throw new SchemaNotExpressibleError(variant, issues);
  return { input, output };
}

// A caller should learn of both sides at once.
function collectIssues(issues: JsonSchemaIssue[], write: () => JsonSchema): JsonSchema | undefined {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof JsonSchemaError)) throw error;
    issues.push(...error.errors);
    return undefined;
  }
}

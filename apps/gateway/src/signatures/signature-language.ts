import {
  checkSignature,
  inputJsonSchema,
  outputJsonSchema,
  parseSignature,
  type JsonSchema,
  type SignatureError,
  type SignatureSpec,
} from '@dspy-nest/signature';

/** Whether a definition is valid: with its spec, or with what is wrong and where. */
export interface SignatureValidation {
  valid: boolean;
  signature?: SignatureSpec;
  errors: SignatureError[];
}

/** The JSON Schemas of a signature's inputs and outputs. */
export interface SignatureJsonSchemas {
  input: JsonSchema;
  output: JsonSchema;
}

/** Judges a definition. Needs no other service: the signature language is a pure library. */
export function describeDefinition(definition: string): SignatureValidation {
  const { valid, errors } = checkSignature(definition);
  return valid ? { valid, signature: parseSignature(definition), errors } : { valid, errors };
}

/** The JSON Schemas of both sides of a signature. */
export function jsonSchemasOf(signature: Pick<SignatureSpec, 'inputs' | 'outputs'>): SignatureJsonSchemas {
  return { input: inputJsonSchema(signature), output: outputJsonSchema(signature) };
}

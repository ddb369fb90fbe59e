import { SignatureSyntaxError } from '../errors';
import type { JsonSchema } from '../json-schema';
import { JsonSchemaError, type JsonSchemaIssue } from '../json-schema-error';
import { parseSignature, writeEmptySideMessage, type ParseOptions } from '../parse';
import { printSignature } from '../print';
import type { Field, SignatureSpec } from '../spec';
import { own, ReadingEnded, SchemaReading } from './schema-reading';
import { readFields } from './schema-type';

/** The schemas of both sides of a signature. */
export interface SideSchemas {
  input: JsonSchema;
  output: JsonSchema;
}

/**
 * Reads the signature that two JSON Schemas describe; throws `JsonSchemaError` with each place that the language has no word
 * for. What `inputJsonSchema` and `outputJsonSchema` wrote comes back as it was.
 */
export function specFromJsonSchema({ input, output }: SideSchemas, options: ParseOptions = {}): SignatureSpec {
  const taken = new Set<string>();
  const inputs = readSide(input, 'input', taken);
  const outputs = readSide(output, 'output', taken);
  const issues = [...inputs.issues, ...outputs.issues];
  if (issues.length > 0) throw new JsonSchemaError(issues);
  return parseWhole(printSignature({ inputs: inputs.fields, outputs: outputs.fields }), options);
}

function readSide(
  schema: unknown,
  side: 'input' | 'output',
  taken: Set<string>,
): { fields: Field[]; issues: readonly JsonSchemaIssue[] } {
  const reading = new SchemaReading(schema, `/${side}`);
  try {
    return { fields: readRoot(reading, side, taken), issues: reading.issues };
  } catch (error) {
    if (!(error instanceof ReadingEnded)) throw error;
    return { fields: [], issues: reading.issues };
  }
}

function readRoot(reading: SchemaReading, side: 'input' | 'output', taken: Set<string>): Field[] {
  const node = reading.resolve(reading.root);
  if (node === undefined) return [];
  if (own(node.schema, 'type') !== 'object') {
    reading.report('malformed_schema', node.pointer, 'The schema of a side must have the type object.');
    return [];
  }
  reading.allowOnly(node, new Set(['type', 'properties', 'required', 'additionalProperties']));
  const fields = readFields(reading, node, side, taken);
  if (fields.length === 0 && reading.issues.length === 0) {
    reading.report('empty_side', node.pointer, writeEmptySideMessage(side));
  }
  return fields;
}

// The whole has limits of its own, and the spec is the parser's.
function parseWhole(definition: string, options: ParseOptions): SignatureSpec {
  try {
    return parseSignature(definition, options);
  } catch (error) {
    if (!(error instanceof SignatureSyntaxError)) throw error;
    throw new JsonSchemaError(error.errors.map(({ code, message }) => ({ code, pointer: '', message })));
  }
}

import { printType } from './print';
import type { Constraints, Field, FieldType, PrimitiveType, SignatureSpec } from './spec';

/** A JSON Schema of draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const dialect = 'https://json-schema.org/draft/2020-12/schema';

/** The schema of a signature's inputs: an optional input may be absent or null, one with a default may be absent. */
export function inputJsonSchema({ inputs }: Pick<SignatureSpec, 'inputs'>): JsonSchema {
  return { $schema: dialect, ...objectSchema(inputs, (field) => !field.optional && field.default === undefined) };
}

/** The schema of a signature's outputs: every output is present, an optional one may be null. */
export function outputJsonSchema({ outputs }: Pick<SignatureSpec, 'outputs'>): JsonSchema {
  return { $schema: dialect, ...objectSchema(outputs, () => true) };
}

function objectSchema(fields: readonly Field[], isRequired: (field: Field) => boolean): JsonSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field)])),
    required: fields.filter(isRequired).map((field) => field.name),
    additionalProperties: false,
  };
}

function fieldSchema(field: Field): JsonSchema {
  const limited = limitedTypeSchema(field.type, field.constraints);
  return {
    ...(field.description !== undefined && { description: field.description }),
    ...(field.optional ? nullable(limited) : limited),
    ...(field.default !== undefined && { default: field.default }),
  };
}

/** How a text begins that may be an image: a URL or a data URI. It looks no further, so any engine is quick on megabytes. */
export const imagePattern = '^(https?://|data:image/)';

/** The schema of each word. */
export const primitiveSchemas: Record<PrimitiveType, JsonSchema> = {
  string: { type: 'string' },
  int: { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
  float: { type: 'number' },
  bool: { type: 'boolean' },
  probability: { type: 'number', minimum: 0, maximum: 1 },
  reasoning: { type: 'array', items: { type: 'string' } },
  date: { type: 'string', format: 'date' },
  datetime: { type: 'string', format: 'date-time' },
  url: { type: 'string', format: 'uri' },
  email: { type: 'string', format: 'email' },
  json: {},
  image: { type: 'string', pattern: imagePattern },
};

/** The schema of a type with the limits that stand beside it on a field. */
export function limitedTypeSchema(type: FieldType, constraints: Constraints = {}): JsonSchema {
  const bare = typeof type === 'string' ? primitiveSchemas[type] : structureSchema(type);
  const title = looksLikeAnother(type, constraints) && printType({ kind: 'constrained', of: type, constraints });
  return { ...bare, ...limits(constraints), ...(title !== false && { title }) };
}

// The title says the type where the way back would take the schema for that of another.
function looksLikeAnother(type: FieldType, { min, max, ...others }: Constraints): boolean {
  if (type === 'reasoning') return true;
  if (type === 'probability') return min !== undefined || max !== undefined;
  if (type === 'float') return min === 0 && max === 1;
  if (type === 'int') return min === Number.MIN_SAFE_INTEGER || max === Number.MAX_SAFE_INTEGER;
  return type === 'string' && others.pattern === imagePattern && Object.keys(others).length === 1;
}

function structureSchema(type: Exclude<FieldType, string>): JsonSchema {
  switch (type.kind) {
    case 'list':
      return { type: 'array', items: limitedTypeSchema(type.items) };
    case 'dict':
      return { type: 'object', ...keySchema(type.keys), additionalProperties: limitedTypeSchema(type.values) };
    case 'optional':
      return nullable(limitedTypeSchema(type.of));
    case 'union':
      return { anyOf: type.members.map((member) => limitedTypeSchema(member)) };
    case 'enum':
      return { enum: type.values };
    case 'object':
      return objectSchema(type.fields, (field) => !field.optional);
    case 'constrained':
      return limitedTypeSchema(type.of, type.constraints);
  }
}

/** What the name of a member must look like where the keys of a dict are int. */
export const intKeyPattern = '^(0|-?[1-9][0-9]*)$';

function keySchema(keys: FieldType): JsonSchema {
  if (keys === 'string') return {};
  return { propertyNames: keys === 'int' ? { pattern: intKeyPattern } : limitedTypeSchema(keys) };
}

function nullable(schema: JsonSchema): JsonSchema {
  return { anyOf: [schema, { type: 'null' }] };
}

function limits({ min, max, ...sameInJsonSchema }: Constraints = {}): JsonSchema {
  return {
    ...(min !== undefined && { minimum: min }),
    ...(max !== undefined && { maximum: max }),
    ...sameInJsonSchema,
  };
}

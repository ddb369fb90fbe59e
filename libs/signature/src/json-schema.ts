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
  const limited = { ...typeSchema(field.type), ...limits(field.constraints) };
  return {
    ...(field.description !== undefined && { description: field.description }),
    ...(field.optional ? nullable(limited) : limited),
    ...(field.default !== undefined && { default: field.default }),
  };
}

const primitiveSchemas: Record<PrimitiveType, JsonSchema> = {
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
  image: { type: 'string', pattern: '^(https?://|data:image/)' },
};

function typeSchema(type: FieldType): JsonSchema {
  if (typeof type === 'string') return primitiveSchemas[type];
  switch (type.kind) {
    case 'list':
      return { type: 'array', items: typeSchema(type.items) };
    case 'dict':
      return { type: 'object', ...keySchema(type.keys), additionalProperties: typeSchema(type.values) };
    case 'optional':
      return nullable(typeSchema(type.of));
    case 'union':
      return { anyOf: type.members.map(typeSchema) };
    case 'enum':
      return { enum: type.values };
    case 'object':
      return objectSchema(type.fields, (field) => !field.optional);
    case 'constrained':
      return { ...typeSchema(type.of), ...limits(type.constraints) };
  }
}

function keySchema(keys: FieldType): JsonSchema {
  if (keys === 'string') return {};
  return { propertyNames: keys === 'int' ? { pattern: '^(0|-?[1-9][0-9]*)$' } : typeSchema(keys) };
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

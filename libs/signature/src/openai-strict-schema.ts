import { primitiveSchemas, type JsonSchema } from './json-schema';
import { below, JsonSchemaError, type JsonSchemaIssue } from './json-schema-error';
import { findOversize } from './openai-strict-limits';
import type { Constraints, EnumValue, Field, FieldType, PrimitiveType, SignatureSpec } from './spec';

// OpenAI's rules for `strict: true`: https://platform.openai.com/docs/guides/structured-outputs#supported-schemas.
// Every property is required, no object is open, every schema says its type, and few keywords are known. What they cannot say
// stands in the description, for the model to follow and for the schema of the signature to judge afterwards.

/** The inputs as a strict schema, for the parameters of a tool; throws `JsonSchemaError` for what it cannot say. */
export function openAiStrictInputSchema({ inputs }: Pick<SignatureSpec, 'inputs'>): JsonSchema {
  return strictSide(inputs, '/input');
}

/** The outputs as a strict schema, for `response_format`; throws `JsonSchemaError` for what it cannot say. */
export function openAiStrictOutputSchema({ outputs }: Pick<SignatureSpec, 'outputs'>): JsonSchema {
  return strictSide(outputs, '/output');
}

type StrictSchema = JsonSchema & { readonly description?: string };

/** Where a part stands, and what was found that has no form. */
interface Place {
  readonly pointer: string;
  readonly issues: JsonSchemaIssue[];
}

function strictSide(fields: readonly Field[], pointer: string): JsonSchema {
  const issues: JsonSchemaIssue[] = [];
  const schema = objectSchema(fields, { pointer, issues });
  issues.push(...findOversize(schema, pointer));
  if (issues.length > 0) throw new JsonSchemaError(issues);
  return schema;
}

const at = ({ pointer, issues }: Place, ...steps: (string | number)[]): Place => ({
  pointer: steps.reduce(below, pointer),
  issues,
});

function objectSchema(fields: readonly Field[], place: Place): StrictSchema {
  const properties = fields.map(
    (field) => [field.name, fieldSchema(field, at(place, 'properties', field.name))] as const,
  );
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    required: fields.map((field) => field.name),
    additionalProperties: false,
  };
}

function fieldSchema(field: Field, place: Place): StrictSchema {
  const { optional, description, default: value } = field;
  const schema = limitedSchema(field.type, optional ? at(place, 'anyOf', 0) : place, field.constraints);
  const note = value === undefined ? undefined : `Default: ${JSON.stringify(value)}.`;
  return optional
    ? described(nullable(schema), description, note)
    : described(schema, description, schema.description, note);
}

/** Adds what is to be said in words, one after the other. */
function described(schema: StrictSchema, ...words: (string | undefined)[]): StrictSchema {
  const said = words.filter((word) => word !== undefined);
  return said.length === 0 ? schema : { ...schema, description: said.join(' ') };
}

const nullable = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] });

function limitedSchema(type: FieldType, place: Place, constraints: Constraints = {}): StrictSchema {
  const { min, max, minLength, maxLength, ...others } = constraints;
  const schema: StrictSchema = {
    ...(typeof type === 'string' ? primitiveSchema(type, place) : structureSchema(type, place)),
    ...(min !== undefined && { minimum: min }),
    ...(max !== undefined && { maximum: max }),
    ...others,
  };
  return described(schema, schema.description, writeLength(minLength, maxLength));
}

function writeLength(min: number | undefined, max: number | undefined): string | undefined {
  if (min === undefined) return max === undefined ? undefined : `At most ${max} characters.`;
  return max === undefined ? `At least ${min} characters.` : `From ${min} to ${max} characters.`;
}

function primitiveSchema(type: PrimitiveType, place: Place): StrictSchema {
  if (type === 'url') return { type: 'string', description: 'An absolute URL.' };
  if (type === 'json') refuse(place, 'json', 'Write object{ … } with what it holds, or string for JSON as a text.');
  return primitiveSchemas[type];
}

function refuse({ pointer, issues }: Place, what: string, hint: string): void {
  const message = `A strict schema of OpenAI has no form for ${what}.`;
  issues.push({ code: 'not_expressible', pointer, message, hint });
}

function structureSchema(type: Exclude<FieldType, string>, place: Place): StrictSchema {
  switch (type.kind) {
    case 'list':
      return { type: 'array', items: limitedSchema(type.items, at(place, 'items')) };
    case 'dict':
      refuse(place, 'a dict', 'Write list[object{ key: string, value: … }].');
      return {};
    case 'optional':
      return nullable(limitedSchema(type.of, at(place, 'anyOf', 0)));
    case 'union':
      return { anyOf: type.members.map((member, index) => limitedSchema(member, at(place, 'anyOf', index))) };
    case 'enum':
      return { type: typesOf(type.values), enum: type.values };
    case 'object':
      return objectSchema(type.fields, place);
    case 'constrained':
      return limitedSchema(type.of, place, type.constraints);
  }
}

const jsonTypes = { string: 'string', number: 'integer', boolean: 'boolean' } as const;

function typesOf(values: readonly EnumValue[]): string | string[] {
  const types = [...new Set(values.map((value) => jsonTypes[typeof value as keyof typeof jsonTypes]))];
  const [only] = types;
  return only !== undefined && types.length === 1 ? only : types;
}

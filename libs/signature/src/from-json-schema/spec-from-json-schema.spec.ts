import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  inputJsonSchema,
  JsonSchemaError,
  outputJsonSchema,
  parseSignature,
  specFromJsonSchema,
  type JsonSchema,
  type JsonSchemaIssue,
} from '../index';

const input: JsonSchema = { type: 'object', properties: { x: { type: 'string' } }, required: ['x'] };

/** The schemas of a signature from a text to `y`. */
const outputOf = (y: unknown, more: object = {}): JsonSchema => ({
  type: 'object',
  properties: { y },
  required: ['y'],
  ...more,
});
const read = (output: JsonSchema): string => specFromJsonSchema({ input, output }).definition;

function issuesOf(schemas: { input?: unknown; output?: unknown }): readonly JsonSchemaIssue[] {
  try {
    specFromJsonSchema({ input, output: outputOf({}), ...schemas } as Parameters<typeof specFromJsonSchema>[0]);
  } catch (error) {
    if (error instanceof JsonSchemaError) return error.errors;
    throw error;
  }
  return [];
}

describe('a schema that the language wrote', () => {
  it.each([
    'string', 'int', 'float', 'bool', 'probability', 'reasoning', 'date', 'datetime', 'url', 'email', 'json', 'image',
    'list[string]', 'reasoning(minItems=1)', 'float(min=0, max=1)', 'probability(min=0)', 'probability(max=0.5)',
    'int(min=1, max=10)', 'int(max=9007199254740991)', 'string(pattern="^(https?://|data:image/)")',
    'dict[string, json]', 'dict[int, image]', 'dict[enum["a"], list[int?]]', 'enum["a", 1, true]', 'enum["a"] | enum["b"]',
    'list[optional[int | string]]', 'object{ a: probability?, b: object{ c: json? } "inner" }', 'json?', 'image?',
  ])('is read as %s again', (type) => {
    const spec = parseSignature(`x: string = "a" "what", z: ${type} -> y: ${type}`, { name: 'Echo', instructions: 'Do.' });
    const schemas = { input: inputJsonSchema(spec), output: outputJsonSchema(spec) };
    const back = specFromJsonSchema(schemas, { name: 'Echo', instructions: 'Do.' });
    expect(back).toEqual(spec);
    expect({ input: inputJsonSchema(back), output: outputJsonSchema(back) }).toEqual(schemas);
  }); // prettier-ignore
});

describe('a schema of other tools', () => {
  it.each<[schema: unknown, type: string]>([
    [true, 'json'],
    [{}, 'json'],
    [{ type: 'object' }, 'dict[string, json]'],
    [{ type: 'array' }, 'list[json]'],
    [{ type: ['string', 'null'], minLength: 1 }, 'string(minLength=1)?'],
    [{ type: ['integer', 'string'], minimum: 0, maxLength: 3 }, 'int(min=0) | string(maxLength=3)'],
    [{ type: 'integer', exclusiveMinimum: 0, maximum: 2 ** 63 }, 'int(min=1)'],
    [{ const: 'a' }, 'enum["a"]'],
    [{ type: ['string', 'null'], enum: ['a', null] }, 'enum["a"]?'],
    [{ anyOf: [{ type: 'integer' }, { type: 'string' }, { type: 'null' }] }, 'optional[int | string]'],
    [{ oneOf: [{ type: 'integer' }, { type: 'string' }] }, 'int | string'],
    [{ allOf: [{ type: 'integer' }], title: 'One' }, 'int'],
    [{ $ref: '#/$defs/a~1b%20c', description: 'near' }, 'int "near"'],
    [{ $ref: '#/$defs/described' }, 'int "far"'],
    [{ $ref: '#/definitions/old' }, 'list[bool]'],
    [{ type: 'number', minimum: 0, maximum: 1 }, 'probability'],
    [{ type: 'array', items: { type: 'string' }, title: 'reasoning', examples: [[]] }, 'reasoning'],
    [{ type: 'array', items: { type: 'string' }, title: 'Reasoning' }, 'list[string]'],
    [{ type: 'array', items: { type: 'integer' }, title: 'reasoning' }, 'list[int]'],
    [{ type: 'array', items: { type: 'string' }, title: 'reasoning', minItems: 1 }, 'list[string](minItems=1)'],
    [{ type: 'integer', title: 'int, z: int' }, 'int'],
    [{ type: 'integer', title: 'string' }, 'int'],
    [{ type: 'string', 'x-order': 1, examples: ['a'], deprecated: true, $comment: 'b' }, 'string'],
  ])('%j is read as %s', (schema, type) => {
    const $defs = { 'a/b c': { $ref: '#/$defs/described' }, described: { type: 'integer', description: 'far' } };
    const definitions = { old: { type: 'array', items: { type: 'boolean' } } };
    expect(read(outputOf(schema, { $defs, definitions }))).toBe(`x: string -> y: ${type}`);
  });

  it('may say nothing of null where a value may be absent, and the other way round', () => {
    const schema = {
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: ['string', 'null'] } },
      required: ['b'],
    };
    expect(specFromJsonSchema({ input: schema, output: outputOf(schema) }).definition).toBe(
      'a: string?, b: string? -> y: object{ a: string?, b: string? }',
    );
  });

  it('keeps the defaults of inputs, and drops those that say no more than optional', () => {
    const one = { anyOf: [{ type: 'string' }, { type: 'null' }], default: null };
    const two = { type: 'string', default: 'a' };
    const definition = specFromJsonSchema({
      input: { type: 'object', properties: { one, two } },
      output: { type: 'object', properties: { three: one }, required: ['three'] },
    }).definition;
    expect(definition).toBe('one: string? = null, two: string = "a" -> three: string?');
  });

  it('comes from zod', () => {
    const Pet = z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('cat'), lives: z.int().positive().max(9) }),
      z.object({ kind: z.literal('dog'), good: z.boolean().optional() }),
    ]);
    const Shelter = z
      .object({
        name: z.string().min(1).describe('on the door'),
        open: z.array(z.enum(['sat', 'sun'])).max(2),
        rating: z.number().min(0).max(5).nullable(),
        pets: z.record(z.string(), Pet),
        site: z.url().optional(),
        star: Pet,
      })
      .meta({ id: 'Shelter' });
    const output = z.toJSONSchema(z.object({ shelter: Shelter, twin: Shelter }), { reused: 'ref' });
    const pet = 'object{ kind: enum["cat"], lives: int(min=1, max=9) } | object{ kind: enum["dog"], good: bool? }';
    const shelter = `object{ name: string(minLength=1) "on the door", open: list[enum["sat", "sun"]](maxItems=2), rating: float(min=0, max=5)?, pets: dict[string, ${pet}], site: url?, star: ${pet} }`;
    expect(JSON.stringify(output)).toContain('"$ref"');
    expect(read(output)).toBe(`x: string -> shelter: ${shelter}, twin: ${shelter}`);
  });

  // Made by running pydantic, in python-worker/tests/runtime/test_pydantic_schemas.py, which checks that it still says so.
  interface PydanticRow {
    schema: JsonSchema;
    definition?: string;
    error?: Pick<JsonSchemaIssue, 'code' | 'pointer'>;
  }
  const pydantic = JSON.parse(readFileSync(join(__dirname, '../../fixtures/pydantic-schemas.json'), 'utf8')) as Record<
    string,
    PydanticRow
  >;
  it.each(Object.entries(pydantic))('comes from pydantic: %s', (_, { schema, definition, error }) => {
    if (definition !== undefined) expect(read(schema)).toBe(definition);
    else expect(issuesOf({ output: schema })).toMatchObject([error]);
  });
});

describe('what the language has no word for', () => {
  const recursive = { $defs: { a: { type: 'array', items: { $ref: '#/$defs/a' } } } };

  it.each<[schema: unknown, code: JsonSchemaIssue['code'], place: string]>([
    [false, 'unsupported_type', ''],
    [3, 'malformed_schema', ''],
    [{ type: 'null' }, 'unsupported_type', ''],
    [{ type: 'text' }, 'malformed_schema', '/type'],
    [{ type: [] }, 'malformed_schema', '/type'],
    [{ minLength: 1 }, 'unsupported_keyword', '/minLength'],
    [{ type: 'string', format: 'uuid' }, 'unsupported_format', '/format'],
    [{ type: 'string', format: 'email', pattern: '@a$' }, 'unsupported_keyword', '/pattern'],
    [{ type: 'string', minLength: '1' }, 'malformed_schema', '/minLength'],
    [{ type: 'string', pattern: 1 }, 'malformed_schema', '/pattern'],
    [{ type: 'string', pattern: '(?=a)' }, 'unsupported_pattern', ''],
    [{ type: 'string', nullable: true }, 'unsupported_keyword', '/nullable'],
    [{ type: 'string', minLength: 2, maxLength: 1 }, 'invalid_constraint', ''],
    [{ type: 'number', exclusiveMinimum: 0 }, 'unsupported_keyword', '/exclusiveMinimum'],
    [{ type: 'number', multipleOf: 0.5 }, 'unsupported_keyword', '/multipleOf'],
    [{ type: 'integer', minimum: 0.5 }, 'invalid_constraint', ''],
    [{ type: 'array', uniqueItems: true }, 'unsupported_keyword', '/uniqueItems'],
    [{ type: 'array', prefixItems: [{}] }, 'unsupported_keyword', '/prefixItems'],
    [{ type: 'array', items: [{}] }, 'malformed_schema', '/items'],
    [{ type: 'array', items: { type: 'null' } }, 'unsupported_type', '/items'],
    [{ type: 'object', properties: {} }, 'unsupported_type', ''],
    [{ type: 'object', properties: [] }, 'malformed_schema', '/properties'],
    [{ type: 'object', properties: { a: {} }, required: ['b'] }, 'malformed_schema', '/required'],
    [{ type: 'object', properties: { a: {} }, required: 'a' }, 'malformed_schema', '/required'],
    [{ type: 'object', properties: { a: {} }, additionalProperties: true }, 'unsupported_keyword', '/additionalProperties'],
    [{ type: 'object', properties: { a: {} }, propertyNames: {} }, 'unsupported_keyword', '/propertyNames'],
    [{ type: 'object', properties: { a: { type: 'string', default: 'b' } } }, 'invalid_default', '/properties/a'],
    [{ type: 'object', properties: { 'a b': {} } }, 'invalid_name', '/properties/a b'],
    [{ type: 'object', properties: { 'a: int, b': {} } }, 'invalid_name', '/properties/a: int, b'],
    [{ type: 'object', properties: { 'a/b~': {} } }, 'invalid_name', '/properties/a~1b~0'],
    [{ type: 'object', properties: { constructor: {} } }, 'reserved_name', '/properties/constructor'],
    [JSON.parse('{"type": "object", "properties": {"__proto__": {}}}'), 'reserved_name', '/properties/__proto__'],
    [{ type: 'object', required: ['a'] }, 'unsupported_keyword', '/required'],
    [{ type: 'object', patternProperties: {} }, 'unsupported_keyword', '/patternProperties'],
    [{ type: 'object', propertyNames: { type: 'boolean' } }, 'invalid_dict_key', ''],
    [{ enum: [] }, 'malformed_schema', '/enum'],
    [{ enum: ['a', 'a'] }, 'invalid_enum', ''],
    [{ enum: [1.5] }, 'invalid_enum', ''],
    [{ enum: [[1]] }, 'invalid_enum', '/enum'],
    [{ type: 'string', enum: ['a', 1] }, 'invalid_enum', '/enum'],
    [{ anyOf: [] }, 'malformed_schema', '/anyOf'],
    [{ anyOf: [{}, { type: 'string' }], minLength: 1 }, 'unsupported_keyword', '/minLength'],
    [{ oneOf: [{ type: 'integer' }, { type: 'number' }] }, 'unsupported_keyword', '/oneOf'],
    [{ oneOf: [{ enum: ['a', 'b'] }, { enum: ['b'] }] }, 'unsupported_keyword', '/oneOf'],
    [{ oneOf: [{ type: ['string', 'null'] }, { type: ['integer', 'null'] }] }, 'unsupported_keyword', '/oneOf'],
    [{ allOf: [{}, {}] }, 'unsupported_keyword', '/allOf'],
    [{ not: {} }, 'unsupported_keyword', '/not'],
    [{ $ref: 'https://example.com/a' }, 'unsupported_ref', '/$ref'],
    [{ $ref: '#/$defs/constructor' }, 'unsupported_ref', '/$ref'],
    [{ $ref: '#/$defs/%' }, 'unsupported_ref', '/$ref'],
    [{ $ref: '#/$defs/a', minItems: 1 }, 'unsupported_keyword', '/minItems'],
    [{ $id: 'a' }, 'unsupported_keyword', '/$id'],
  ])('%j is refused: %s', (schema, code, place) => {
    const found = issuesOf({ output: outputOf(schema, code === 'unsupported_keyword' ? recursive : {}) });
    expect(found[0]).toMatchObject({ code, pointer: `/output/properties/y${place}` });
    expect(found[0]?.message).not.toBe('');
  }); // prettier-ignore

  it('is told at every place, up to twenty, with a hint', () => {
    const bad = { type: 'number', multipleOf: 2 };
    expect(issuesOf({ input: bad, output: outputOf(bad) }).map(({ pointer }) => pointer)).toEqual(['/input', '/output/properties/y/multipleOf']); // prettier-ignore
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`f${index}`, bad]));
    expect(issuesOf({ output: { type: 'object', properties: many } })).toHaveLength(20);
    expect(() => read(outputOf(bad))).toThrow(
      '/output/properties/y/multipleOf: The language has no word for "multipleOf" here. Use the type integer for whole numbers, else leave it out.',
    );
  });

  it.each([
    ['itself', recursive],
    ['another that contains it', { $defs: { a: { anyOf: [{ $ref: '#/$defs/b' }] }, b: { $ref: '#/$defs/a' } } }],
  ])('a definition that contains %s', (_, definitions) => {
    expect(issuesOf({ output: outputOf({ $ref: '#/$defs/a' }, definitions) })).toMatchObject([
      { code: 'recursive_schema', hint: 'Use {}, which is json, for the inner part.' },
    ]);
  });

  it('sides that are no objects, are empty, or share a name', () => {
    expect(issuesOf({ input: [] })).toMatchObject([{ code: 'malformed_schema', pointer: '/input' }, {}]);
    expect(issuesOf({ input: { type: 'object', properties: {} } })).toMatchObject([{ code: 'empty_side' }]);
    expect(issuesOf({ output: input })).toMatchObject([{ code: 'duplicate_name', pointer: '/output/properties/x' }]);
  });
});

describe('a hostile schema', () => {
  const nest = (depth: number): object => {
    let schema: object = {};
    for (let index = 0; index < depth; index += 1) schema = { type: 'array', items: schema };
    return schema;
  };

  it('is not followed deeper than its limit', () => {
    expect(issuesOf({ output: outputOf(nest(100_000)) })).toMatchObject([{ code: 'schema_too_deep' }]);
    expect(issuesOf({ output: outputOf(nest(9)) })).toMatchObject([{ code: 'too_deep' }]);
  });

  it('cannot multiply itself by its definitions', () => {
    const twice = (name: string): object => ({ anyOf: [{ $ref: `#/$defs/${name}` }, { $ref: `#/$defs/${name}` }] });
    const levels = Array.from({ length: 14 }, (_, index): [string, object] => [`l${index}`, twice(`l${index + 1}`)]);
    const $defs = { ...Object.fromEntries(levels), l14: { type: 'string' } };
    expect(issuesOf({ output: outputOf({ $ref: '#/$defs/l0' }, { $defs }) })).toMatchObject([
      { code: 'schema_too_large' },
    ]);
  });

  it('cannot be wider than a signature', () => {
    const properties = Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`f${index}`, {}]));
    expect(issuesOf({ output: { type: 'object', properties } })).toMatchObject([{ code: 'too_many_fields' }]);
    const long = { type: 'string', description: 'a'.repeat(20_000) };
    expect(issuesOf({ output: outputOf(long) })).toMatchObject([{ code: 'text_too_long', pointer: '' }]);
    const values = Array.from({ length: 100_000 }, (_, index) => index);
    expect(issuesOf({ output: outputOf({ enum: values }) })).toMatchObject([{ code: 'invalid_enum' }]);
  });

  it('is read by its own members alone', () => {
    const inherits = Object.assign(Object.create({ type: 'integer', minimum: 3 }) as object, { title: 'Y' });
    expect(read(outputOf(inherits))).toBe('x: string -> y: json');
    const $defs = JSON.parse('{"__proto__": {"type": "integer"}}') as object;
    expect(read(outputOf({ $ref: '#/$defs/__proto__' }, { $defs }))).toBe('x: string -> y: int');
  });
});

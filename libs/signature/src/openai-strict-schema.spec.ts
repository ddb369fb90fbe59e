import addFormats from 'ajv-formats';
import Ajv2020 from 'ajv/dist/2020';
import { brokenStrictRules } from '../test/openai-strict-rules';
import {
  JsonSchemaError,
  openAiStrictInputSchema,
  openAiStrictOutputSchema,
  outputJsonSchema,
  parseSignature,
  type Field,
  type FieldType,
  type JsonSchema,
  type JsonSchemaIssue,
} from './index';

const ajv = addFormats(new Ajv2020({ strict: true, allowUnionTypes: true }));

const strict = (type: string): JsonSchema => openAiStrictOutputSchema(parseSignature(`x -> y: ${type}`));

function refusalOf(write: () => unknown): readonly JsonSchemaIssue[] {
  try {
    write();
  } catch (error) {
    if (error instanceof JsonSchemaError) return error.errors;
    throw error;
  }
  return [];
}

describe('the OpenAI-strict schema', () => {
  it.each<[type: string, schema: object]>([
    ['string', { type: 'string' }],
    ['string(minLength=1, maxLength=80)', { type: 'string', description: 'From 1 to 80 characters.' }],
    ['string(minLength=1) "the name"', { type: 'string', description: 'the name At least 1 characters.' }],
    ['string(maxLength=9, pattern="^a")', { type: 'string', pattern: '^a', description: 'At most 9 characters.' }],
    ['float(min=0)', { type: 'number', minimum: 0 }],
    ['probability', { type: 'number', minimum: 0, maximum: 1 }],
    ['reasoning(maxItems=3)', { type: 'array', items: { type: 'string' }, maxItems: 3 }],
    ['datetime', { type: 'string', format: 'date-time' }],
    ['list[url]', { type: 'array', items: { type: 'string', description: 'An absolute URL.' } }],
    ['enum["a", "b"]', { type: 'string', enum: ['a', 'b'] }],
    ['enum["a", 1, true]', { type: ['string', 'integer', 'boolean'], enum: ['a', 1, true] }],
    ['bool? "if known"', { anyOf: [{ type: 'boolean' }, { type: 'null' }], description: 'if known' }],
    ['string | bool', { anyOf: [{ type: 'string' }, { type: 'boolean' }] }],
    [
      'object{ a: bool? }',
      {
        type: 'object',
        properties: { a: { anyOf: [{ type: 'boolean' }, { type: 'null' }] } },
        required: ['a'],
        additionalProperties: false,
      },
    ],
  ])('of %s', (type, schema) => {
    const whole = { type: 'object', properties: { y: schema }, required: ['y'], additionalProperties: false };
    expect(strict(type)).toEqual(whole);
  });

  it('of inputs needs the optional ones too, and says the defaults', () => {
    const schema = openAiStrictInputSchema(parseSignature('a: string? = null, b: bool = true "or not" -> c'));
    expect(schema).toMatchObject({ required: ['a', 'b'] });
    expect(schema['properties']).toEqual({
      a: { anyOf: [{ type: 'string' }, { type: 'null' }], description: 'Default: null.' },
      b: { type: 'boolean', description: 'or not Default: true.' },
    });
  });

  it('refuses dicts and json at each place', () => {
    const spec = parseSignature('x -> a: dict[string, int], b: list[json?], c: object{ d: int | json }');
    expect(refusalOf(() => openAiStrictOutputSchema(spec))).toEqual([
      {
        code: 'not_expressible',
        pointer: '/output/properties/a',
        message: 'A strict schema of OpenAI has no form for a dict.',
        hint: 'Write list[object{ key: string, value: … }].',
      },
      expect.objectContaining({ pointer: '/output/properties/b/items/anyOf/0' }),
      expect.objectContaining({ pointer: '/output/properties/c/properties/d/anyOf/1' }),
    ]);
    expect(refusalOf(() => openAiStrictInputSchema(spec))).toEqual([]);
  });

  it("refuses what is over OpenAI's limits", () => {
    const field = (name: string, type: FieldType): Field => ({ name, type, optional: false });
    const values = (count: number, length: number): FieldType => ({
      kind: 'enum',
      values: Array.from({ length: count }, (_, index) => String(index).padStart(length, '0')),
    });
    const refusals = (outputs: Field[]): string[] =>
      refusalOf(() => openAiStrictOutputSchema({ outputs })).map(({ message }) => message);
    expect(refusals(Array.from({ length: 6 }, (_, index) => field(`f${index}`, values(170, 4))))).toEqual([
      'It has 1020 values of enums, and a strict schema of OpenAI at most 1000.',
    ]);
    expect(refusals([field('a', values(2, 60_000))])).toEqual([expect.stringContaining('120001 characters')]);
    const wide: FieldType = { kind: 'object', fields: Array.from({ length: 80 }, (_, i) => field(`g${i}`, 'int')) };
    expect(refusals(Array.from({ length: 64 }, (_, i) => field(`f${i}`, wide)))).toEqual([
      expect.stringContaining('5184 properties'),
    ]);
    const deep = (levels: number): FieldType => (levels === 0 ? 'int' : { kind: 'list', items: deep(levels - 1) });
    expect(refusals([field('a', deep(9))])).toEqual([]);
    expect(refusals([field('a', deep(10))])).toEqual([expect.stringContaining('11 levels')]);
  });

  it.each<[type: string, values: unknown[]]>([
    ['object{ a: bool?, b: list[date] }?', [null, { a: null, b: ['2026-01-01'] }]],
    ['enum["a", 1, true]', ['a', 1, true]],
    ['int(min=1) | string(pattern="^a")', [1, 'a']],
    ['image', ['https://example.com/a.png']],
  ])('takes of %s only what the signature takes', (type, values) => {
    const ofOpenAi = ajv.compile(strict(type));
    const ofSignature = ajv.compile(outputJsonSchema(parseSignature(`x -> y: ${type}`)));
    for (const y of [...values, 0, 2, 'b', false, [], {}, { a: null }]) {
      expect([y, ofOpenAi({ y })]).toEqual([y, ofSignature({ y })]);
    }
    expect(values.every((y) => ofOpenAi({ y }))).toBe(true);
  });
});

describe('the checker of the rules', () => {
  const object = (properties: object, more: object = {}): Record<string, unknown> => ({
    type: 'object',
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
    ...more,
  });

  it.each<[rule: string, schema: Record<string, unknown>]>([
    ['The root', { anyOf: [object({})] }],
    ['Every property', object({ a: { type: 'string' } }, { required: [] })],
    ['additionalProperties', object({ a: { type: 'string' } }, { additionalProperties: true })],
    ['minLength is not', object({ a: { type: 'string', minLength: 1 } })],
    ['default is not', object({ a: { type: 'string', default: 'b' } })],
    ['allOf is not', object({ a: { allOf: [{ type: 'string' }] } })],
    ['title is not', object({ a: { type: 'number', title: 'a' } })],
    ['The format', object({ a: { type: 'string', format: 'uri' } })],
    ['must have a type', object({ a: { enum: ['b'] } })],
    ['1,000 values', object({ a: { type: 'integer', enum: Array.from({ length: 1_001 }, (_, index) => index) } })],
  ])('sees: %s', (rule, schema) => {
    expect(brokenStrictRules(schema)).toContainEqual(expect.stringContaining(rule));
  });
});

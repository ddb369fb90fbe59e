import addFormats from 'ajv-formats';
import Ajv2020 from 'ajv/dist/2020';
import { inputJsonSchema, outputJsonSchema, parseSignature } from './index';

const ajv = addFormats(new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }));

describe('inputJsonSchema', () => {
  it('requires what has neither default nor question mark', () => {
    expect(inputJsonSchema(parseSignature('a "what", b: int?, c: int(min=1, max=9) = 3 -> d'))).toEqual({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: {
        a: { type: 'string', description: 'what' },
        b: { anyOf: [expect.objectContaining({ type: 'integer' }), { type: 'null' }] },
        c: { type: 'integer', minimum: 1, maximum: 9, default: 3 },
      },
      required: ['a'],
      additionalProperties: false,
    });
  });
});

describe('outputJsonSchema', () => {
  it('requires every output', () => {
    expect(outputJsonSchema(parseSignature('a -> b: string?, c: probability'))).toMatchObject({ required: ['b', 'c'] });
  });
});

describe('a type whose schema could be that of another', () => {
  it.each([
    ['reasoning', 'reasoning'],
    ['reasoning(maxItems=3)', 'reasoning(maxItems=3)'],
    ['probability(min=0)', 'probability(min=0)'],
    ['float(min=0, max=1)', 'float(min=0, max=1)'],
    ['int(max=9007199254740991)', 'int(max=9007199254740991)'],
    ['string(pattern="^(https?://|data:image/)")', 'string(pattern="^(https?://|data:image/)")'],
    ['probability', undefined],
    ['image', undefined],
    ['int(max=10)', undefined],
    ['list[string]', undefined],
  ])('is named by the title: %s', (type, title) => {
    const schema = outputJsonSchema(parseSignature(`x -> y: ${type}`)) as {
      properties: { y: Record<string, unknown> };
    };
    expect(schema.properties.y['title']).toBe(title);
  });
});

describe('a schema', () => {
  const uri = 'data:image/png;base64,AAAA';

  it.each<[type: string, good: unknown[], bad: unknown[]]>([
    ['string', ['', 'a'], [1, null]],
    ['int', [0, -5, 2 ** 53 - 1], [1.5, '1', 2 ** 53]],
    ['float', [1.5, 1], ['1']],
    ['bool', [true], ['true', 0]],
    ['probability', [0, 0.5, 1], [-0.1, 1.1, '0.5']],
    ['reasoning', [[], ['first', 'then']], ['first', [1]]],
    ['date', ['2026-02-28'], ['2026-02-30', '28.2.2026']],
    ['datetime', ['2026-02-28T12:00:00Z'], ['2026-02-28']],
    ['url', ['https://example.com/a?b'], ['example']],
    ['email', ['a@example.com'], ['a']],
    ['json', [null, 1, { a: [] }], []],
    ['image', ['https://example.com/a.png', uri], ['a.png', 'data:text/plain,a']],
    ['list[int?]', [[], [1, null]], [['a'], 1]],
    ['dict[string, int]', [{}, { a: 1 }], [{ a: 'b' }, []]],
    ['dict[int, bool]', [{ 1: true, '-20': false }], [{ a: true }, { '01': true }]],
    ['dict[enum["k"], int]', [{ k: 1 }, {}], [{ l: 1 }]],
    ['int | string', [1, 'a'], [null, true]],
    ['enum["a", 1, true]', ['a', 1, true], ['b', '1', false]],
    ['object{ a: int, b: string? }', [{ a: 1 }, { a: 1, b: null }, { a: 1, b: 'c' }], [{}, { a: 1, c: 2 }]],
    ['list[string(minLength=2, pattern="^[a-z]+$")](maxItems=1)', [[], ['ab']], [['a'], ['AB'], ['ab', 'cd']]],
  ])('of %s takes its values and no others', (type, good, bad) => {
    const accepts = ajv.compile(outputJsonSchema(parseSignature(`x -> y: ${type}`)));
    expect(good.filter((y) => !accepts({ y }))).toEqual([]);
    expect(bad.filter((y) => accepts({ y }))).toEqual([]);
    expect(accepts({ y: good[0], z: 1 })).toBe(false);
    expect(accepts({})).toBe(false);
  });
});

import { checkSignature, parseSignature, SignatureSyntaxError, signatureLimits } from './index';
import { missingArrowMessage, repeatedArrowMessage, writeEmptySideMessage } from './parse';

const codes = (text: string): string[] => checkSignature(text).errors.map((error) => error.code);

describe('parseSignature', () => {
  it('gives the spec of a text', () => {
    const spec = parseSignature('question "asked" -> label: enum["a", "b"]?', { name: 'Label', version: 3 });
    expect(spec).toEqual({
      name: 'Label',
      version: 3,
      definition: 'question: string "asked" -> label: enum["a", "b"]?',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      inputs: [{ name: 'question', type: 'string', optional: false, description: 'asked' }],
      outputs: [{ name: 'label', type: { kind: 'enum', values: ['a', 'b'] }, optional: true }],
    });
  });

  it('keeps the order of fields and leaves instructions out when there are none', () => {
    const { inputs, ...rest } = parseSignature('z, a, m -> b');
    expect(inputs.map((field) => field.name)).toEqual(['z', 'a', 'm']);
    expect(rest).not.toHaveProperty('instructions');
  });

  it('throws all errors with a caret below each', () => {
    const text = 'question: strin -> answer: tuple[int],\n  class: list[int';
    expect(() => parseSignature(text)).toThrow(SignatureSyntaxError);
    expect(codes(text)).toEqual(['unknown_type', 'unsupported_type', 'reserved_name', 'unexpected_text']);
  });

  it('goes on after a field in error', () => {
    const { errors } = checkSignature('a b, c: list[int, d], e: strin, f: enum["x" "y, z"], 1g -> h: dict[');
    expect(errors.map(({ code, offset }) => [code, offset])).toEqual([
      ['unexpected_text', 2],
      ['unsupported_type', 13],
      ['unknown_type', 18],
      ['unknown_type', 25],
      ['unexpected_text', 44],
      ['invalid_name', 53],
      ['expected_type', 67],
    ]);
  });
});

describe('the arrow', () => {
  it.each([
    ['', missingArrowMessage],
    ['a, b', missingArrowMessage],
    ['a => b', missingArrowMessage],
    ['a -> b -> c', repeatedArrowMessage],
    ['-> b', writeEmptySideMessage('input')],
    ['a ->', writeEmptySideMessage('output')],
  ])('%j: %s', (text, message) => {
    expect(checkSignature(text).errors.map((error) => error.message)).toEqual([message]);
  });

  it('may stand in a description or an enum', () => {
    expect(codes('a "from -> to" -> b: enum["x -> y"]')).toEqual([]);
  });
});

describe('the limits', () => {
  const { textLength, fieldsPerSide, nameLength, nesting, enumValues, errors } = signatureLimits;
  const list = (count: number, item: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => item(index)).join(', ');
  const nest = (depth: number): string => 'list['.repeat(depth) + 'int' + ']'.repeat(depth);

  it.each([
    ['text', (size: number) => `a "${'x'.repeat(size - 9)}" -> b`, textLength, 'text_too_long'],
    ['inputs', (size: number) => `${list(size, (i) => `a${i}`)} -> b`, fieldsPerSide, 'too_many_fields'],
    ['outputs', (size: number) => `a -> ${list(size, (i) => `b${i}`)}`, fieldsPerSide, 'too_many_fields'],
    [
      'members of an object',
      (size: number) => `a -> b: object{ ${list(size, (i) => `b${i}`)} }`,
      fieldsPerSide,
      'too_many_fields',
    ],
    ['a name', (size: number) => `${'a'.repeat(size)} -> b`, nameLength, 'invalid_name'],
    ['nesting', (size: number) => `a: ${nest(size)} -> b`, nesting, 'too_deep'],
    ['values of an enum', (size: number) => `a: enum[${list(size, String)}] -> b`, enumValues, 'invalid_enum'],
  ])('of %s is kept to the letter', (_, text, limit, code) => {
    expect(codes(text(limit))).toEqual([]);
    expect(codes(text(limit + 1))).toEqual([code]);
  });

  it.each([
    '[',
    'list[',
    'object{a:',
    '"',
    "'",
    '\\',
    ',',
    '->',
    '(',
    'a:',
    'a:int|',
    'a:b,',
    '?',
    '=',
    '💥',
    '"\\',
    'tuple[',
  ])('holds for a text made of %s', (scrap) => {
    for (const lead of ['', 'a -> b: ', 'a: list[', 'a "']) {
      const text = lead + scrap.repeat(Math.floor((textLength - lead.length) / scrap.length));
      const found = checkSignature(text).errors;
      expect(found.length).toBeGreaterThan(0);
      expect(found.length).toBeLessThanOrEqual(errors);
      for (const error of found) expect(error.message.length).toBeLessThan(200);
    }
  });
});

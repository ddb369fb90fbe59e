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

  it.each<[text: string, errors: [code: string, offset: number][]]>([
    [
      'a b, c: list[int, d], e: strin, f: enum["x" "y, z"], 1g -> h: dict[',
      [
        ['unexpected_text', 2],
        ['unsupported_type', 13],
        ['unknown_type', 18],
        ['unknown_type', 25],
        ['unexpected_text', 44],
        ['invalid_name', 53],
        ['expected_type', 67],
      ],
    ],
    [
      'a: object{ b: strin, c: , d: dict[bool, ], class: int, e: in } -> f',
      [
        ['unknown_type', 14],
        ['expected_type', 24],
        ['unsupported_type', 34],
        ['reserved_name', 43],
        ['unknown_type', 58],
      ],
    ],
    [
      'a: Union[int(min=x, foo=1, max="2"), strin, ] | bol -> b: enum["a" "b", 1.5, "c", "c"](min=1)',
      [
        ['unexpected_text', 17],
        ['invalid_constraint', 20],
        ['invalid_constraint', 31],
        ['unknown_type', 37],
        ['unknown_type', 48],
        ['unexpected_text', 67],
        ['invalid_enum', 72],
        ['invalid_enum', 82],
      ],
    ],
    [
      'a: list[int), b: strin "]" -> c: list[string, d: int -> e: nope -> f: nope',
      [
        ['unexpected_text', 11],
        ['unknown_type', 17],
        ['unknown_type', 46],
        ['unexpected_text', 47],
        ['repeated_arrow', 53],
        ['unknown_type', 59],
        ['unknown_type', 70],
      ],
    ],
    [
      'a: enum["\\x->", "\\x\\y", 1.5] -> b "\\->", c: strin',
      [
        ['invalid_string', 9],
        ['invalid_string', 17],
        ['invalid_string', 19],
        ['invalid_enum', 24],
        ['invalid_string', 35],
        ['unknown_type', 44],
      ],
    ],
    [
      "a b, c it's -> d",
      [
        ['unexpected_text', 2],
        ['unexpected_text', 7],
        ['invalid_string', 9],
      ],
    ],
  ])('goes on after an error: %s', (text, errors) => {
    expect(checkSignature(text).errors.map(({ code, offset }) => [code, offset])).toEqual(errors);
  });

  it('judges nothing that hangs on what is in error', () => {
    for (const type of ['list[, int]', 'strin | int', 'enum["a" 1]', 'object{ b: }', 'strin(min=1)']) {
      expect(codes(`a: ${type} = 1 -> b`)).toHaveLength(1);
    }
  });
});

describe('instructions', () => {
  it('are given beside the text, and are a part of what the signature is', () => {
    const plain = parseSignature('a -> b');
    const told = parseSignature('a -> b', { instructions: 'Answer in one word.' });
    expect(told).toEqual({
      ...plain,
      instructions: 'Answer in one word.',
      hash: expect.not.stringMatching(plain.hash),
    });
  });

  it('that are empty are none', () => {
    expect(parseSignature('a -> b', { instructions: '' })).toEqual(parseSignature('a -> b'));
  });
});

describe('the arrow', () => {
  it.each([
    ['', missingArrowMessage],
    ['a, b', missingArrowMessage],
    ['a => b', missingArrowMessage],
    ['a -> b -> c', repeatedArrowMessage],
    ['a -> b => c', repeatedArrowMessage],
    ['a -> b -> -> c ->', repeatedArrowMessage],
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

  it('of errors ends the reading', () => {
    expect(codes(`${list(errors + 5, (i) => `a${i}: b`)} -> c`)).toHaveLength(errors);
  });
});

import { buildSchema, getIntrospectionQuery, parse, validate } from 'graphql';
import { CALLER_LIMITS, objectsRefusal, parseWithin, queryLimitsRule } from './query-limits';

const { aliases: ALIASES_MAX, depth: DEPTH_MAX, rootFields: ROOT_FIELDS_MAX, tokens: TOKENS_MAX } = CALLER_LIMITS;

const schema = buildSchema('type Query { a: Query n: Int }');
const check = (text: string): string[] =>
  validate(schema, parse(text), [queryLimitsRule(CALLER_LIMITS)]).map(({ message }) => message);
const nested = (levels: number): string => `${'{ a '.repeat(levels - 1)}{ n }${' }'.repeat(levels - 1)}`;

describe('queryLimitsRule', () => {
  it('lets a document as deep as allowed through', () => expect(check(nested(DEPTH_MAX))).toEqual([]));

  it('refuses a level more', () => expect(check(nested(DEPTH_MAX + 1))[0]).toContain('nests 13 levels deep'));

  it('counts what fragments add', () => {
    const text = `query { a { ...F } } fragment F on Query ${nested(DEPTH_MAX)}`;
    expect(check(text)[0]).toContain('nests 13 levels deep');
    expect(check(`query { a { ... on Query ${nested(DEPTH_MAX)} } }`)[0]).toContain('nests 13 levels deep');
  });

  it('survives a fragment that spreads itself', () => {
    expect(check('query { ...F } fragment F on Query { a { ...F } }')).toEqual([]);
  });

  it('measures a fragment once, so that fragments of fragments cost no time', () => {
    const chain = Array.from({ length: 40 }, (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`).join(
      ' ',
    );
    expect(check(`query { ...F0 } ${chain} fragment F40 on Query { n }`)[0]).toContain('top-level fields');
  });

  it('refuses more aliases and more top-level fields than allowed', () => {
    const aliased = Array.from({ length: ALIASES_MAX + 1 }, (_, i) => `n${i}: n`).join(' ');
    expect(check(`{ a { ${aliased} } }`)).toEqual([expect.stringContaining('has 31 aliases')]);
    expect(check(`{ ${'n '.repeat(ROOT_FIELDS_MAX + 1)} }`)).toEqual([expect.stringContaining('21 top-level fields')]);
  });

  it('tells the remedy', () => {
    expect(check(`{ ${'n '.repeat(ROOT_FIELDS_MAX + 1)} }`)[0]).toContain('Ask in several requests');
  });

  it('lets the usual introspection query through', () => expect(check(getIntrospectionQuery())).toEqual([]));
});

describe('objectsRefusal', () => {
  const refusal = (text: string, variableValues: Record<string, unknown> = {}): string | undefined =>
    objectsRefusal(CALLER_LIMITS, { document: parse(text), variableValues })?.message;
  const connection = (args: string, node: string): string => `{ a${args} { edges { node { ${node} } } } }`;
  const nested = (outer: string, inner: string): string => connection(outer, connection(inner, 'i').slice(1, -1));

  it.each([
    ['{ a(first: 200) { edges { node { p { s { i } } q { i } t { i } } } } }', false],
    [nested('(first: 200)', '(first: 200)'), true],
    [nested('(first: 50)', '(first: 5)'), false],
    [nested('', ''), false],
    [nested('(first: 1)', '(first: 200)'), false],
    [connection('(first: 20)', nested('(first: 20)', '(first: 20)').slice(1, -1)), true],
    ['{ a(first: null, last: 200) { edges { node { a(first: 200) { edges { node { i } } } } } } }', true],
    [
      '{ a { ...E } } fragment E on C { edges { node { a { ...E2 } } } } fragment E2 on C { edges { node { p { q { r { i } } } } } }',
      true,
    ],
  ])('multiplies the sizes of pages within pages: %s', (text, isRefused) => {
    expect(refusal(text)?.includes('objects; at most 10000 are allowed') ?? false).toBe(isRefused);
  });

  it('knows what variables hold, unless told otherwise their defaults', () => {
    const text = `query ($n: Int, $m: Int = 200) ${nested('(first: $n)', '(last: $m)')}`;
    expect(refusal(text, { n: 50, m: 5 })).toBeUndefined();
    expect(refusal(text, { n: 50 })).toContain('asks for up to 20151 objects');
    expect(refusal(text, { n: 50, m: null })).toBeUndefined();
    expect(refusal(text, { n: 1_000_000, m: 1_000_000 })).toContain('asks for up to 80601 objects');
  });

  it('measures the operation that is to be run', () => {
    const text = `query A ${nested('(first: 200)', '(first: 200)')} query B { a { i } }`;
    const document = parse(text);
    expect(objectsRefusal(CALLER_LIMITS, { document, operationName: 'B' })).toBeUndefined();
    expect(objectsRefusal(CALLER_LIMITS, { document, operationName: 'A' })).toBeDefined();
  });
});

describe('parseWithin', () => {
  it('refuses a document of too many tokens, and says how many are allowed', () => {
    const text = `{ ${'n '.repeat(TOKENS_MAX)} }`;
    expect(() => parseWithin(CALLER_LIMITS, text)).toThrow(/at most 4000 are allowed\. Ask in several requests/);
  });

  it('leaves what else is wrong as it is', () => {
    expect(() => parseWithin(CALLER_LIMITS, '{')).toThrow('Syntax Error');
  });
});

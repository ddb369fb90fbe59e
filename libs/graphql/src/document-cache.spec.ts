import { buildSchema } from 'graphql';
import { DocumentCache } from './document-cache';
import { CALLER_LIMITS } from './query-limits';

describe('DocumentCache', () => {
  const schema = buildSchema('type Query { n: Int }');

  it('parses and validates a document once for a schema', () => {
    const cache = new DocumentCache(CALLER_LIMITS);
    const document = cache.parse('{ n m }');
    expect(cache.parse('{ n m }')).toBe(document);
    const errors = cache.validate(schema, document);
    expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining('Cannot query field "m"')]);
    expect(cache.validate(schema, document)).toBe(errors);
    expect(cache.validate(buildSchema('type Query { n: Int m: Int }'), document)).toEqual([]);
  });

  it('forgets what was not asked for the longest', () => {
    const cache = new DocumentCache(CALLER_LIMITS);
    const [first, second] = [cache.parse('{ n }'), cache.parse('{ n n }')];
    for (let n = 0; n < 999; n += 1) {
      cache.parse('{ n }');
      cache.parse(`query Q${n} { n }`);
    }
    expect(cache.parse('{ n }')).toBe(first);
    expect(cache.parse('{ n n }')).not.toBe(second);
  });

  it('refuses what is over a limit', () => {
    const cache = new DocumentCache(CALLER_LIMITS);
    expect(() => cache.parse(`{ ${'n '.repeat(4_000)} }`)).toThrow('tokens');
    const [error] = cache.validate(schema, cache.parse(`{ ${'n '.repeat(21)} }`));
    expect(error?.message).toContain('21 top-level fields');
  });
});

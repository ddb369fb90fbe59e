import { etagOf, isKnownToCaller, parseIfMatch } from './entity-tag';

it('names a version of a resource', () => {
  expect(etagOf({ id: 'an-id', version: 3 })).toBe('"an-id.3"');
});

it.each([
  ['"a"', true],
  ['W/"a"', true],
  ['"b", "a"', true],
  ['*', true],
  [undefined, false],
  ['"b"', false],
  ['a', false],
  ['', false],
])('with If-None-Match %s the caller has "a": %s', (header, expected) => {
  expect(isKnownToCaller(header, '"a"')).toBe(expected);
});

it.each([
  [undefined, undefined],
  ['*', undefined],
  ['"a"', ['a']],
  [' "a" ,"b"', ['a', 'b']],
  ['W/"a"', []],
  ['W/"a", "b"', ['b']],
  ['"a,b" , W/",", ",c"', ['a,b', ',c']],
])('reads If-Match %s as %j', (header, tags) => {
  expect(parseIfMatch(header)).toEqual(tags);
});

it.each(['', 'a', '"a', '"a" "b"', '"a",', Array.from({ length: 21 }, () => '"a"').join()])(
  'refuses If-Match %s',
  (header) => {
    expect(() => parseIfMatch(header)).toThrow('The header If-Match must be');
  },
);

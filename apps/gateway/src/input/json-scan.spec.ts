import fc from 'fast-check';
import { findTooDeep, imageLength, locateFault, placeOf } from './json-scan';

describe('findTooDeep', () => {
  it('lets as many levels through as allowed', () => {
    expect(findTooDeep('['.repeat(64) + ']'.repeat(64), 64)).toBeUndefined();
  });

  it('finds the first bracket too many, in objects and lists', () => {
    expect(findTooDeep('['.repeat(65), 64)).toBe(64);
    expect(findTooDeep('{"a":'.repeat(10_000), 64)).toBe(64 * 5);
  });

  it('does not count brackets in strings, also behind escaped quotes', () => {
    expect(findTooDeep(JSON.stringify({ text: '[[[[\\"[[[', more: '"[[[' }), 1)).toBeUndefined();
  });

  it('does not count siblings as depth', () => {
    expect(findTooDeep(JSON.stringify(Array.from({ length: 200 }, () => [])), 2)).toBeUndefined();
  });

  it('agrees with the depth of any JSON value', () => {
    const depthOf = (value: unknown): number =>
      typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), fc.integer({ min: 1, max: 8 }), (value, maxDepth) => {
        expect(findTooDeep(JSON.stringify(value), maxDepth) === undefined).toBe(depthOf(value) <= maxDepth);
      }),
    );
  });
});

describe('imageLength', () => {
  const PIXEL = 'data:image/png;base64,AAAA';

  it('counts every string that is an image as a data URI, and nothing else', () => {
    const body = { inputs: { photo: PIXEL, more: [PIXEL, 'x'], text: `see ${PIXEL}`, other: 'data:text/plain,x' } };
    expect(imageLength(JSON.stringify(body, null, 2))).toBe(2 * PIXEL.length);
  });

  it('is not deceived by quotes inside of strings', () => {
    expect(imageLength(JSON.stringify({ text: `\\"${PIXEL}"`, [`"${PIXEL}`]: `\\\\"${PIXEL}` }))).toBe(0);
    expect(imageLength(`{"text": "${PIXEL}`)).toBe(PIXEL.length);
  });

  it('agrees with the strings of any JSON value', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.string().map((text) => `data:image/${text}`),
    );
    const values = fc.dictionary(fc.string(), fc.array(texts));
    fc.assert(
      fc.property(values, (value) => {
        const images = Object.values(value)
          .flat()
          .filter((text) => text.startsWith('data:image/'));
        const names = Object.keys(value).filter((name) => name.startsWith('data:image/'));
        const length = [...images, ...names].reduce((sum, text) => sum + JSON.stringify(text).length - 2, 0);
        expect(imageLength(JSON.stringify(value))).toBe(length);
      }),
    );
  });
});

describe('locateFault', () => {
  it.each([
    ['{"a":1,}', 7, 'a name in double quotes'],
    ['{"a":1', 6, '"," or "}"'],
    ['{"a" 1}', 5, '":"'],
    ["{'a':1}", 1, 'a name in double quotes'],
    ['{"a":nope}', 5, 'a value'],
    ['{"a":01}', 5, 'a value'],
    ['[1 2]', 3, '"," or "]"'],
    ['{"a":"\\x"}', 5, 'a string with valid escapes and a closing quote'],
    ['{} {}', 3, 'the end of the text'],
    ['', 0, 'a value'],
  ])('finds the fault of %s', (text, offset, expected) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(locateFault(text)).toEqual({ offset, expected });
  });

  it('finds no fault before the end in what JSON.parse accepts', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value, null, 2);
        expect(locateFault(text)).toEqual({ offset: text.length, expected: 'the end of the text' });
      }),
    );
  });
});

describe('placeOf', () => {
  it('counts lines and columns from 1', () => {
    expect(placeOf('{\n  "a": x}', 9, 'c', 'm')).toEqual({
      pointer: '',
      code: 'c',
      message: 'm',
      offset: 9,
      line: 2,
      column: 8,
    });
    expect(placeOf('x', 0, 'c', 'm')).toMatchObject({ line: 1, column: 1 });
  });
});

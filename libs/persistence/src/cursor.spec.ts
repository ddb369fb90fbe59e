import { ValidationFailedError } from '@dspy-nest/platform';
import fc from 'fast-check';
import { decodeCursor, encodeCursor } from './cursor';

describe('a cursor', () => {
  it('gives back any values and needs no escaping in a URL', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean())), (values) => {
        const cursor = encodeCursor(values);
        expect(encodeURIComponent(cursor)).toBe(cursor);
        expect(decodeCursor(cursor)).toEqual(values);
      }),
    );
  });

  it('that no list gave is refused', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          expect(Array.isArray(decodeCursor(text))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(ValidationFailedError);
        }
      }),
    );
    for (const text of ['', 'x', encodeCursor([]).slice(1), Buffer.from('{"a":1}').toString('base64url')]) {
      expect(() => decodeCursor(text)).toThrow(ValidationFailedError);
    }
  });
});

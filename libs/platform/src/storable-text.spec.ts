import { isStorableText } from './storable-text';

describe('isStorableText', () => {
  it.each([
    ['Zürich 🚀\n\t', true],
    ['', true],
    ['a\0b', false],
    ['\ud800', false],
    ['\udc00\ud800', false],
  ])('%j is %p', (text, expected) => {
    expect(isStorableText(text)).toBe(expected);
  });
});

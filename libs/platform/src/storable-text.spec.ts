import { ValidationFailedError } from './errors';
import { checkStorable, isStorableText } from './storable-text';

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

describe('checkStorable', () => {
  it('takes any Unicode text, and nothing at all', () => {
    expect(() => checkStorable({ description: 'Zürich 🚀\n\t', instructions: undefined, model: null })).not.toThrow();
  });

  it.each(['a\0b', '\ud800', '\udc00\ud800'])('refuses %j', (text) => {
    expect(() => checkStorable({ description: text })).toThrow(ValidationFailedError);
  });

  it('looks into lists and objects, and at the names in them', () => {
    expect(() => checkStorable({ examples: [{ inputs: { text: 'fine', more: [1, null] } }] })).not.toThrow();
    expect(() => checkStorable({ examples: [{ inputs: { text: ['a\0b'] } }] })).toThrow(ValidationFailedError);
    expect(() => checkStorable({ examples: [{ inputs: { 'a\0b': 1 } }] })).toThrow(ValidationFailedError);
  });

  it('points to each wrong member', () => {
    const check = (): void => checkStorable({ description: '\0', instructions: 'fine', model: '\ud800' });
    const pointers = [{ pointer: '/description' }, { pointer: '/model' }];
    expect(check).toThrow(
      expect.objectContaining({ details: { errors: pointers.map((item) => expect.objectContaining(item)) } }),
    );
  });
});

import { ValidationFailedError } from '@dspy-nest/platform';
import { checkStorable } from './storable-text';

describe('checkStorable', () => {
  it('takes any Unicode text, and nothing at all', () => {
    expect(() => checkStorable({ description: 'Zürich 🚀\n\t', instructions: undefined, model: null })).not.toThrow();
  });

  it.each(['a\0b', '\ud800', '\udc00\ud800'])('refuses %j', (text) => {
    expect(() => checkStorable({ description: text })).toThrow(ValidationFailedError);
  });

  it('points to each wrong member', () => {
    const check = (): void => checkStorable({ description: '\0', instructions: 'fine', model: '\ud800' });
    const pointers = [{ pointer: '/description' }, { pointer: '/model' }];
    expect(check).toThrow(
      expect.objectContaining({ details: { errors: pointers.map((item) => expect.objectContaining(item)) } }),
    );
  });
});

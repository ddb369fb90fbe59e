import { newContext } from '@dspy-nest/platform';
import { MalformedRequestError } from './http.errors';
import { withIdempotencyKey } from './idempotency-key';

describe('withIdempotencyKey', () => {
  const caller = newContext();

  it('leaves a request without the header as it is', () => expect(withIdempotencyKey(caller, undefined)).toBe(caller));

  it.each(['k', '"8e03978e-40d5-43e8-bc93-6894a57f9324"', '!~', 'x'.repeat(255)])('takes %s', (key) => {
    expect(withIdempotencyKey(caller, key)).toEqual({ ...caller, idempotencyKey: key });
  });

  it.each([[''], ['x'.repeat(256)], ['a b'], ['a, a'], ['ключ'], ['a\tb'], ['\x7f'], [['a', 'b']]])(
    'refuses %j and names the header',
    (key) => {
      expect(() => withIdempotencyKey(caller, key)).toThrow(MalformedRequestError);
      expect(() => withIdempotencyKey(caller, key)).toThrow(/Idempotency-Key/);
    },
  );
});

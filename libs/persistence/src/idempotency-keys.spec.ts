import { newContext } from '@dspy-nest/platform';
import { keyedRequest } from './idempotency-keys';

const ctx = newContext();
const hashOf = (operation: string, request: object): string | undefined =>
  keyedRequest({ ...ctx, idempotencyKey: 'k' }, operation, request)?.hash;

describe('keyedRequest', () => {
  it('knows nothing of a request without a key', () => {
    expect(keyedRequest(ctx, 'create', {})).toBeUndefined();
  });

  it('takes the same members in another order for the same request', () => {
    expect(hashOf('create', { a: 1, b: { c: 2, d: undefined } })).toBe(hashOf('create', { b: { c: 2 }, a: 1 }));
  });

  it('tells requests apart by what is asked and by each member', () => {
    const hashes = [
      hashOf('create', { a: 1 }),
      hashOf('create', { a: 2 }),
      hashOf('update', { a: 1 }),
      hashOf('create', { a: 1, wait: true }),
      hashOf('create', { a: '1' }),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each(['', 'a b', 'ä', 'a\n', '\u007f', 'x'.repeat(256)])('refuses the key %j, naming the header', (key) => {
    expect(() => keyedRequest({ ...ctx, idempotencyKey: key }, 'create', {})).toThrow(
      expect.objectContaining({
        code: 'malformed_request',
        message: expect.stringContaining('Idempotency-Key must be 1 to 255 visible ASCII characters'),
      }),
    );
  });

  it.each(['!', '~', 'x'.repeat(255), '"8e03978e-40d5-43dd-bc93-6894a57f9324"'])('takes the key %j', (key) => {
    expect(keyedRequest({ ...ctx, idempotencyKey: key }, 'create', {})).toMatchObject({ tenant: 'default', key });
  });

  it('refuses text that is no Unicode as the fault of the caller', () => {
    expect(() => hashOf('create', { inputs: { question: '\ud800' } })).toThrow(
      expect.objectContaining({ code: 'validation_failed' }),
    );
  });
});

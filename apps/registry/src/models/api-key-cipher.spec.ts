import { randomBytes } from 'node:crypto';
import { ApiKeyCipher } from './api-key-cipher';
import { ApiKeyUnreadableError } from './models.errors';

const secret = (): string => randomBytes(32).toString('base64');
const API_KEY = 'sk-a key with "ünïcode" in it';

describe('ApiKeyCipher', () => {
  it('opens what it sealed', () => {
    const cipher = new ApiKeyCipher(secret());
    expect(cipher.open(cipher.seal(API_KEY, 'model-1'), 'model-1')).toBe(API_KEY);
  });

  it('shows nothing of the key and never seals twice alike', () => {
    const cipher = new ApiKeyCipher(secret());
    const [first, second] = [cipher.seal(API_KEY, 'model-1'), cipher.seal(API_KEY, 'model-1')];
    expect(first).not.toBe(second);
    expect(Buffer.from(first.split('.')[2]!, 'base64url').toString('latin1')).not.toContain('sk-a');
  });

  it('works after a restart with the same secret', () => {
    const shared = secret();
    const sealed = new ApiKeyCipher(shared).seal(API_KEY, 'model-1');
    expect(new ApiKeyCipher(shared).open(sealed, 'model-1')).toBe(API_KEY);
  });

  it('refuses another secret with the remedy', () => {
    const sealed = new ApiKeyCipher(secret()).seal(API_KEY, 'model-1');
    expect(() => new ApiKeyCipher(secret()).open(sealed, 'model-1')).toThrow(/former secret/);
  });

  it('refuses the sealed key of another model', () => {
    const cipher = new ApiKeyCipher(secret());
    const sealed = cipher.seal(API_KEY, 'model-1');
    expect(() => cipher.open(sealed, 'model-2')).toThrow(ApiKeyUnreadableError);
  });

  it.each([
    ['a flipped bit', (text: string) => `${text.slice(0, -2)}${text.at(-2) === 'A' ? 'B' : 'A'}${text.at(-1)}`],
    ['a cut end', (text: string) => text.slice(0, -8)],
    ['nothing but the key id', (text: string) => text.split('.')[0]!],
  ])('refuses %s', (_, damage) => {
    const cipher = new ApiKeyCipher(secret());
    expect(() => cipher.open(damage(cipher.seal(API_KEY, 'model-1')), 'model-1')).toThrow(ApiKeyUnreadableError);
  });
});

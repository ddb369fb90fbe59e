import { nonceOf } from './nonce-model';

const asking = (content: string) => ({ body: { messages: [{ role: 'user', content }] } });
const KEY = `key-${'0a'.repeat(12)}`;
const OTHER = `key-${'ff'.repeat(12)}`;

describe('nonceOf', () => {
  it('is the last nonce of a prompt: examples stand before the question', () => {
    expect(nonceOf(asking(`nonce: ${OTHER}\nnonce: ${KEY}`))).toEqual({
      nonce: KEY,
      hang: undefined,
      isRefused: false,
    });
  });

  it('says how to hang over it', () => {
    expect(nonceOf(asking(`nonce: midway-${KEY}`))).toMatchObject({ nonce: `midway-${KEY}`, hang: 'midway' });
    expect(nonceOf(asking(`nonce:\nhalf-${KEY}`))).toMatchObject({ nonce: `half-${KEY}`, hang: 'half' });
    expect(nonceOf(asking(`nonce: merry-${KEY}`)).hang).toBeUndefined();
  });

  it('says what to refuse', () => {
    const asked = { nonce: `refused-${KEY}`, hang: undefined, isRefused: true };
    expect(nonceOf(asking(`nonce: refused-${KEY}`))).toEqual(asked);
  });

  it('is empty when there is none', () => {
    expect(nonceOf({ body: null })).toEqual({ nonce: '', hang: undefined, isRefused: false });
  });
});

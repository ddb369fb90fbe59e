import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { canonicalJson, hashSpec, parseSignature, type SignatureSpec } from './index';
import { sha256Hex } from './sha256';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('hashSpec', () => {
  it('is the SHA-256 of the canonical JSON of the content', () => {
    const text = parseSignature('x -> y', { instructions: 'Do it.' });
    const field = (name: string): string => `{"name":"${name}","optional":false,"type":"string"}`;
    const content = `{"definition":"x: string -> y: string","inputs":[${field('x')}],"instructions":"Do it.","outputs":[${field('y')}]}`;
    expect(hashSpec(text)).toBe(digest(content));
    expect(text.hash).toBe(digest(content));
  });

  it('depends on the content, not on spelling, name or version', () => {
    const { hash } = parseSignature('x -> y: list[str]', { name: 'A', version: 1 });
    expect(parseSignature('x: :string -> y: list[string]', { name: 'B', version: 2 }).hash).toBe(hash);
    expect(parseSignature('x -> y: list[str]', { instructions: 'Be brief.' }).hash).not.toBe(hash);
    expect(parseSignature('x -> y: list[str] "many"').hash).not.toBe(hash);
  });
});

describe('the fixtures that Python reads too', () => {
  const rowsOf = (name: string): unknown[] =>
    readFileSync(join(__dirname, '../fixtures', name), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);

  it('have the hashes they say', () => {
    const specs = rowsOf('hashed-specs.jsonl') as SignatureSpec[];
    expect(specs.length).toBeGreaterThan(90);
    expect(specs.filter((spec) => hashSpec(spec) !== spec.hash)).toEqual([]);
  });

  it('have the texts of numbers they say', () => {
    const number = (bits: string): number => Buffer.from(bits, 'hex').readDoubleBE();
    const rows = rowsOf('number-texts.jsonl') as [bits: string, text: string][];
    expect(rows.filter(([bits, text]) => canonicalJson(number(bits)) !== text)).toEqual([]);
  });
});

describe('canonicalJson', () => {
  // The examples of RFC 8785: numbers and escapes (3.2.2), order of members (3.2.3).
  it.each([
    [
      [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      '[333333333.3333333,1e+30,4.5,0.002,1e-27]',
    ],
    ['\u20ac$\u000f\u000aA\'\u0042\u0022\u005c\\"/', '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'],
    [[-0, null, true, false], '[0,null,true,false]'],
    [
      { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 },
      '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}',
    ],
    [{ b: undefined, a: { d: 1, c: [] } }, '{"a":{"c":[],"d":1}}'],
  ])('%j', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it.each([Number.NaN, Infinity, '\ud800', { '\udc00': 1 }, () => 1, undefined])(
    'refuses what JSON cannot carry: %p',
    (value) => {
      expect(() => canonicalJson(value)).toThrow(TypeError);
    },
  );

  it('says the same as any other order of members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' })), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).toReversed());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
        expect(canonicalJson(JSON.parse(canonicalJson(value)))).toBe(canonicalJson(value));
      }),
    );
  });
});

describe('sha256Hex', () => {
  it.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 1_000])('agrees with the platform on %i bytes', (length) => {
    const text = 'x'.repeat(length);
    expect(sha256Hex(text)).toBe(digest(text));
  });

  it('agrees with the platform on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(sha256Hex(text)).toBe(digest(text));
      }),
    );
  });
});

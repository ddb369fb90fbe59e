import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { checkSignature } from '../index';
import { compilePattern, findPatternFault, maxPatternedLength } from './pattern';

interface PatternFixture {
  pattern: string;
  takes: string[];
  refuses: string[];
}

const fixtures = readFileSync(resolve(__dirname, '../../fixtures/patterns.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as PatternFixture);

const faultOf = (pattern: string): unknown => {
  const [error] = checkSignature(`x: string(pattern=${JSON.stringify(pattern)}) -> y`).errors;
  return error && { code: error.code, message: error.message, hint: error.hint };
};

describe('a pattern', () => {
  it.each(fixtures)('$pattern finds what JavaScript finds', ({ pattern, takes, refuses }) => {
    const { test } = compilePattern(pattern);
    const native = new RegExp(pattern, 'u');
    expect(takes.filter((text) => !test(text) || !native.test(text))).toEqual([]);
    expect(refuses.filter((text) => test(text))).toEqual([]);
  });

  const piece = fc.constantFrom(
    'a',
    'b',
    '.',
    '\\d',
    '\\W',
    '[^a]',
    '[a-c\\s]',
    '^',
    '$',
    '\\b',
    '\\p{L}',
    '😀',
    '\\n',
  );
  const pattern = fc.letrec<{ pattern: string }>((tie) => ({
    pattern: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      piece,
      fc.tuple(tie('pattern'), tie('pattern')).map(([one, other]) => `${one}${other}`),
      fc.tuple(tie('pattern'), tie('pattern')).map(([one, other]) => `(?:${one}|${other})`),
      fc
        .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{2,}', '*?'))
        .map(([inner, quantifier]) => `(${inner})${quantifier}`),
    ),
  })).pattern;
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' ', '1', '\n', '😀', 'é'), maxLength: 8 });

  it('of any form finds what JavaScript finds', () => {
    fc.assert(
      fc.property(pattern, text, (source, value) => {
        // Nested repeats may be too many steps, which is refused.
        fc.pre(!findPatternFault(source)?.problem.includes('more than 1000 steps'));
        expect(compilePattern(source).test(value)).toBe(new RegExp(source, 'u').test(value));
      }),
      { numRuns: 3_000, endOnFailure: true },
    );
  });

  it.each([
    ['(a+)+b', 'a'],
    ['^(a|a)*$', 'a'],
    ['(.*)*x', 'y'],
    ['(a?){200}a{200}b', 'a'],
  ])('of steps that overlap takes time linear in the text: %s', (source, unit) => {
    const { test } = compilePattern(source);
    const started = process.cpuUsage();
    expect(test(`${unit.repeat(maxPatternedLength - 1)}!`)).toBe(false);
    expect(process.cpuUsage(started).user / 1_000).toBeLessThan(8_000);
  });

  it('is in no text beyond the length that can be checked in time', () => {
    expect(compilePattern('a').test('a'.repeat(maxPatternedLength + 1))).toBe(false);
  });
});

describe('a pattern is refused at registration when', () => {
  it.each([
    ['it looks ahead', '(?=a)b', 'must not look around or refer back to a group'],
    ['it looks behind', '(?<!a)b', 'must not look around or refer back to a group'],
    ['it refers back by number', '(a)\\1', 'must not look around or refer back to a group'],
    ['it refers back by name', '(?<n>a)\\k<n>', 'must not look around or refer back to a group'],
    ['it switches flags', '(?i:a)', 'must not switch flags'],
    ['it uses \\B', 'a\\B', 'must not use \\B'],
    ['it uses \\c', '\\cA', 'must not use \\c'],
    ['it has an empty class', '[]', 'must not have an empty class'],
    ['it has half of a surrogate pair', '\\ud83d', 'must not have half of a surrogate pair'],
    ['it uses a script', '\\p{Script=Greek}', 'must not use \\p{Script=Greek}, which engines know by other names'],
    ['it repeats too often', '(?:a{100}){100}', 'has more than 1000 steps when its repeats are written out'],
    [
      'it repeats nothing too often',
      '(?:(?:){1000000}){1000000}',
      'has more than 1000 steps when its repeats are written out',
    ],
    ['it is too deep', `${'('.repeat(60)}a${')'.repeat(60)}`, 'has more than 50 groups in each other'],
  ])('%s', (_, source, problem) => {
    expect(faultOf(source)).toEqual({
      code: 'unsupported_pattern',
      message: `Constraint "pattern" of field "x" ${problem}.`,
      hint: expect.any(String) as string,
    });
  });

  it('is told from what is no regular expression', () => {
    expect(faultOf('(')).toMatchObject({ code: 'invalid_constraint' });
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  checkSignature,
  parseSignature,
  printSignature,
  signatureLimits,
  SignatureSyntaxError,
  type SignatureError,
} from '@dspy-nest/signature';
import fc from 'fast-check';
import { Cursor } from '../src/cursor';
import { sidesArbitrary } from './spec-arbitrary';

/** How often the parser asked for the next token, and how many characters it moved over, also more than once. */
function stepsOf(text: string): number {
  const { match, startsWith } = Cursor.prototype;
  let steps = 0;
  Cursor.prototype.startsWith = function (token) {
    steps += 1;
    return startsWith.call(this, token);
  };
  Cursor.prototype.match = function (sticky) {
    const found = match.call(this, sticky);
    steps += 1 + found.length;
    return found;
  };
  try {
    checkSignature(text);
    return steps;
  } finally {
    Object.assign(Cursor.prototype, { match, startsWith });
  }
}

const fill = (lead: string, scrap: string, length: number): string =>
  lead + scrap.repeat(Math.floor((length - lead.length) / scrap.length));

const leads = [
  '',
  'a -> b: ',
  'a "',
  'a b "',
  'a: enum[',
  'a: string(',
  'a: list[list[object{ b: list[object{ c: list[',
];
const scraps = [
  ['[', 'list[', 'dict[string,', 'Union[int,', 'object{a:', 'tuple[', 'enum["a" ', 'list[x,'],
  ['"', "'", '\\', '"\\', '\\"', '"\n', '"a",', '"\'', 'x "y\\"', '\n', ' ', 'x ', '\u0000', '💥'],
  [',', '->', '=>', '-', '=', '?', '|', '(', ')', ']', '}', ':'],
  ['x', 'a:', 'a b,', 'a:b,', '_a,', 'a->', '1,', 'typing.', 'int|', 'int?,', 'int(', 'int(min=1)|', 'min=', 'x.'],
].flat();

// `npm run verify:signatures` asks for more.
const runs = Number(process.env['SIGNATURE_RUNS'] ?? 2_000);
// Long enough for a cost that grows with its square to show.
const LONG_TEXT = 30_000;

describe('a hostile text', () => {
  const { textLength, errors: mostErrors } = signatureLimits;

  it('of 100 kB is refused by its length, before it is read', () => {
    const text = fill('', 'a: list[', 100_000);
    expect(checkSignature(text).errors.map((error) => error.code)).toEqual(['text_too_long']);
    expect(stepsOf(text)).toBe(0);
  });

  it.each(scraps)('made of %j is refused by few errors that can be read', (scrap) => {
    for (const lead of leads) {
      const { errors } = checkSignature(fill(lead, scrap, textLength));
      expect(errors.length).toBeGreaterThan(0);
      expect(errors.length).toBeLessThanOrEqual(mostErrors);
      for (const { message, hint = '' } of errors) expect(message.length + hint.length).toBeLessThan(300);
    }
  });

  // With the limit of length out of the way, so that no factor hides below it.
  describe('read to its end', () => {
    const limits: { textLength: number } = signatureLimits;
    beforeAll(() => void (limits.textLength = LONG_TEXT));
    afterAll(() => void (limits.textLength = textLength));

    it.each(scraps)('costs at most 8 steps a character, read to its end: %j', (scrap) => {
      for (const lead of leads) expect(stepsOf(fill(lead, scrap, LONG_TEXT))).toBeLessThanOrEqual(8 * LONG_TEXT);
    });
  });
});

describe('mutated texts', () => {
  const written = readFileSync(join(__dirname, '../fixtures/dspy-signatures.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { signature: string }).signature);
  const printed = sidesArbitrary.map(printSignature).filter((text) => text.length < 300);
  const texts = [...written, ...fc.sample(printed, 100)];
  const scrap = fc.oneof(
    fc.constantFrom(
      ...scraps,
      ...leads,
      '\\u12',
      '\ud800',
      'None',
      '9007199254740993',
      '.5',
      'class',
      '__proto__',
      '::',
    ),
    fc.string({ maxLength: 5 }),
  );
  const cut = fc.record({ place: fc.nat(), length: fc.nat(6), insert: scrap });
  const mutated = fc
    .tuple(fc.constantFrom(...texts), fc.array(cut, { minLength: 1, maxLength: 4 }))
    .map(([text, cuts]) =>
      cuts.reduce((result, { place, length, insert }) => {
        const offset = place % (result.length + 1);
        return result.slice(0, offset) + insert + result.slice(offset + length);
      }, text),
    );

  const isPlacedIn = (text: string, { offset, line, column, length }: SignatureError): boolean => {
    const before = text.slice(0, offset).split('\n');
    return offset + length <= text.length + 1 && line === before.length && column === (before.at(-1) ?? '').length + 1;
  };

  function read(text: string): string | SignatureSyntaxError {
    try {
      return parseSignature(text).definition;
    } catch (error) {
      if (error instanceof SignatureSyntaxError) return error;
      throw error;
    }
  }

  function findFault(text: string): string | undefined {
    const { valid, errors } = checkSignature(text);
    const result = read(text);
    if (typeof result === 'string')
      return valid && read(result) === result ? undefined : 'it reads otherwise when printed';
    if (valid || JSON.stringify(errors) !== JSON.stringify(result.errors)) return 'the two functions disagree';
    if (!errors.every((error) => isPlacedIn(text, error))) return 'a place is wrong';
    return result.message.isWellFormed() ? undefined : 'a character is cut in the message';
  }

  it('are read, or refused by SignatureSyntaxError with places inside the text, and nothing else', () => {
    fc.assert(
      fc.property(mutated, (text) => expect(findFault(text)).toBeUndefined()),
      { numRuns: runs, endOnFailure: true },
    );
  });
});

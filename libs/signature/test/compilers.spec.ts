import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkSignature, signatureLimits } from '@dspy-nest/signature';
import { askedCompilers, OutsideProject, type Compilation } from '@dspy-nest/testing';
import { badSignatures } from './bad-signatures';

const typeTests = readFileSync(join(__dirname, '../src/signature.test-d.ts'), 'utf8');
const importing = "import { signature, type Inputs, type Outputs } from '@dspy-nest/signature';";
const call = (text: string): string => `signature(${JSON.stringify(text)});`;

const usingIts = (text: string, input: string, output: string): string =>
  [
    importing,
    `const it = ${call(text)}`,
    'type In = Inputs<typeof it>;',
    'type Out = Outputs<typeof it>;',
    `export const read = (i: In, o: Out) => [i.${input}, o.${output}];`,
  ].join('\n');

const eightPlainFields = usingIts(
  'question: string, context: string, language: string, limit: int -> answer: string, title: string, verified: bool, confidence: probability',
  'question',
  'confidence',
);

const { fieldsPerSide, nameLength, nesting, enumValues, textLength } = signatureLimits;
const name = (index: number): string => `field_${index}_`.padEnd(nameLength, 'x');
const side = (first: number): string =>
  Array.from({ length: fieldsPerSide - 1 }, (_, index) => `${name(first + index)}: list[int]`).join(', ');
const sixtyFourFields = usingIts(`question, ${side(0)} -> confidence: float, ${side(1_000)}`, name(62), name(1_062));

const manyValues = Array.from({ length: enumValues }, (_, index) => `"value ${index}"`).join(', ');
const deep = (of: string): string =>
  `${'list['.repeat(nesting - 2)}object{ c: optional[${of}] }${']'.repeat(nesting - 2)}`;
const atTheLimits = (long: number): string =>
  `a: enum[${manyValues}] "${'long '.repeat(long)}" -> b: ${deep('int')}, c: ${deep('string(pattern="[\\"]")')}`;
const longest = usingIts(atTheLimits(Math.floor((textLength - atTheLimits(0).length) / 5)), 'a', 'b');

describe('the published package', () => {
  const project = new OutsideProject({ libraries: ['signature'], lib: ['es2015'] });
  beforeAll(() => project.install(), 120_000);
  afterAll(() => project.remove());

  it('runs as CommonJS and as a module', async () => {
    const use = "console.log(signature('question -> label: Literal[1]').spec.definition);";
    const definition = 'question: string -> label: enum[1]\n';
    expect(await project.run('run.cjs', `const { signature } = require('@dspy-nest/signature'); ${use}`)).toBe(
      definition,
    );
    expect(await project.run('run.mjs', `import { signature } from '@dspy-nest/signature'; ${use}`)).toBe(definition);
  });

  describe.each(askedCompilers)('read by %s', (compiler) => {
    let types: Compilation;
    let eight: Compilation;
    let sixtyFour: Compilation;
    beforeAll(async () => {
      types = await project.compile(compiler, {
        'types.ts': typeTests.replace("'./index'", "'@dspy-nest/signature'"),
        'limits.ts': longest,
        'bad.mts': [importing, ...badSignatures.map(([text]) => call(text))].join('\n'),
      });
      eight = await project.compile(compiler, { 'eight.mts': eightPlainFields });
      sixtyFour = await project.compile(compiler, { 'sixty-four.mts': sixtyFourFields });
    }, 120_000);

    it('infers inputs and outputs, also of the longest enum, text and nesting', () => {
      expect([...types.messages].filter(([place]) => !place.startsWith('bad.mts'))).toEqual([]);
    });

    it.each(badSignatures.map(([text, message], index) => [text, message, index] as const))(
      'is told what is wrong: %j: %s',
      (_, message, index) => {
        const said = types.messages.get(`bad.mts:${index + 2}`);
        expect(said).toMatch(/^Argument of type .* is not assignable to parameter of type /);
        expect(said?.split(' is not assignable to parameter of type ').at(-1)).toBe(`'${JSON.stringify(message)}'.`);
      },
    );

    // A file without a signature takes none, so that the whole count is that of the signature.
    it('makes at most 6,000 types for 8 plain fields', () => {
      expect(eight.messages).toEqual(new Map());
      expect(eight.instantiations).toBeLessThanOrEqual(6_000);
      expect(eight.instantiations).toBeGreaterThan(1_000);
    });

    it('stays below its limit of recursion with 64 fields a side, all names as long as they may be', () => {
      expect(sixtyFour.messages).toEqual(new Map());
      expect(sixtyFour.instantiations).toBeLessThanOrEqual(150_000);
    });
  });
});

describe('the run time', () => {
  it.each(badSignatures)('says the same: %j: %s', (text, message) => {
    expect(checkSignature(text).errors.map((error) => error.message)).toEqual([message]);
  });
});

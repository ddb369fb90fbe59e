import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { askedCompilers, OutsideProject, type Compilation } from '@dspy-nest/testing';
import { wrongNames } from './wrong-names';

const beginning = [
  "import { DspyNest } from '@dspy-nest/client'; import { signature } from '@dspy-nest/signature';",
  "interface Programs { 'read-mood': { inputs: { message: string }; outputs: { mood: 'happy' | 'angry' } } }",
  "const pulled = new DspyNest<Programs>({ url: 'http://127.0.0.1:4000' });",
  `const typed = pulled.program('qa', signature('question -> answer: string, mood: enum["happy", "angry"]'));`,
];
const right = [
  ...beginning,
  'export const both: string = (await typed.execute({ question: "a" })).outputs.answer;',
  "export const mood: 'happy' | 'angry' | undefined = (await pulled.program('read-mood').submit({ message: 'a' })).outputs?.mood;",
  'for await (const event of typed.stream({ question: "a" })) {',
  "  if (event.type === 'outputs') event.outputs.answer.length;",
  "  if (event.type === 'succeeded') event.execution.outputs.mood === 'happy';",
  '}',
  "const loose = new DspyNest({ url: 'http://127.0.0.1:4000' }).program('anything');",
  "export const any: unknown = (await loose.execute({ whatever: 1 })).outputs['answer'];",
];

describe('the published package', () => {
  const project = new OutsideProject({ libraries: ['signature', 'client'], lib: ['es2022'] });
  beforeAll(() => project.install(), 120_000);
  afterAll(() => project.remove());

  it('runs as CommonJS and as a module', async () => {
    const use = "console.log(new DspyNest({ url: 'http://127.0.0.1:4000/' }).program('qa').name);";
    expect(await project.run('run.cjs', `const { DspyNest } = require('@dspy-nest/client'); ${use}`)).toBe('qa\n');
    expect(await project.run('run.mjs', `import { DspyNest } from '@dspy-nest/client'; ${use}`)).toBe('qa\n');
  });

  it('asks for nothing but its own files, so that a browser can run it', () => {
    const all = globSync(join(project.folder, 'node_modules/@dspy-nest/client/dist/*.js'));
    // The module for Nest is a door of its own.
    const files = all.filter((file) => !file.endsWith('/nest.js'));
    expect(files).toHaveLength(all.length - 1);
    const asked = files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/\b(?:require|import)\(([^)]*)\)/g)]);
    expect(files.length).toBeGreaterThan(5);
    expect(asked.map(([, name = '']) => name).filter((name) => !/^"\.\/[a-z-]+"$/.test(name))).toEqual([]);
    const globals = files.filter((file) =>
      /\b(?:process|Buffer|global)\.\w|__dirname/.test(readFileSync(file, 'utf8')),
    );
    expect(globals).toEqual([]);
  });

  describe.each(askedCompilers)('read by %s', (compiler) => {
    let said: Compilation;
    beforeAll(async () => {
      const wrong = [...beginning, ...wrongNames.map(([code]) => code), 'export {};'];
      said = await project.compile(compiler, { 'right.mts': right.join('\n'), 'wrong.mts': wrong.join('\n') });
    }, 120_000);

    it('takes right names and gives their types', () => {
      expect([...said.messages].filter(([place]) => place.startsWith('right.mts'))).toEqual([]);
    });

    it.each(wrongNames.map(([code, message], index) => [code, message, index] as const))(
      'refuses %s',
      (_, message, index) => {
        expect(said.messages.get(`wrong.mts:${beginning.length + index + 1}`)).toMatch(message);
      },
    );
  });
});

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PLANTED_FILES, PLANTED_REPORT } from './planted-errors';
import { runCommand, type Surroundings } from './run-command';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'dspy-nest-cli-'))));
afterEach(() => rmSync(folder, { recursive: true }));
jest.setTimeout(60_000);

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const run = (args: string[], more: Surroundings = {}) => runCommand(args, { cwd: folder, ...more });

describe('dspy-nest signature check', () => {
  it('shows the mistakes of a folder, each in its file, and ends with 1', async () => {
    write(PLANTED_FILES);
    expect(await run(['signature', 'check'])).toEqual({ exitCode: 1, stdout: PLANTED_REPORT, stderr: '' });
  });

  it('writes them as JSON', async () => {
    write(PLANTED_FILES);
    const { exitCode, stdout, stderr } = await run(['signature', 'check', '--json']);
    expect([exitCode, stderr]).toEqual([1, '']);
    const report = JSON.parse(stdout) as { errors: unknown[] };
    expect({ ...report, errors: report.errors.length }).toEqual({ valid: false, files: 3, definitions: 5, errors: 3, skipped: [] }); // prettier-ignore
    expect(report.errors[2]).toEqual({
      path: 'src/mood.ts',
      code: 'unknown_type',
      message: 'Unknown type "sting" of field "message".',
      hint: 'Did you mean "string"?',
      place: { offset: 174, line: 4, column: 42, length: 5 },
      definition: { text: 'message: sting -> reply: string', offset: 9, line: 1, column: 10, length: 5 },
    });
  });

  it('ends with 0 when nothing is wrong', async () => {
    write({ 'a.json': '{"definition": "a -> b"}', 'b.md': 'signature("a")' });
    expect(await run(['signature', 'check', '.'])).toEqual({ exitCode: 0, stdout: '1 definition in 1 file: no error.\n', stderr: '' }); // prettier-ignore
  });

  it('takes definitions on the command line and on stdin', async () => {
    const given = await run(['signature', 'check', '-d', 'a -> b', 'c -> d: strng', '--', '-'], {
      input: 'e -> f: flot\n',
    });
    expect(given.exitCode).toBe(1);
    expect(given.stdout).toMatch(
      /^<definition>:1:9: unknown_type[^]*<stdin>:1:9: unknown_type[^]*3 definitions: 2 errors\.\n$/,
    );
  });

  it('does not run what it reads', async () => {
    const ran = join(folder, 'ran');
    write({
      'a.py': `import dspy\nopen(${JSON.stringify(ran)}, "w")\ndspy.Predict("a -> b")`,
      'dspy.py': `open(${JSON.stringify(ran)}, "w")  # dspy`,
      'sitecustomize.py': `open(${JSON.stringify(ran)}, "w")`,
      'b.mjs': `import '@dspy-nest/signature'; import fs from 'node:fs'; fs.writeFileSync(${JSON.stringify(ran)}, '');`,
    });
    const env = { PYTHONPATH: folder, PYTHONSTARTUP: join(folder, 'a.py') };
    expect((await run(['signature', 'check'], { env })).stdout).toBe('1 definition in 4 files: no error.\n');
    expect(existsSync(ran)).toBe(false);
  });

  it('says that there is no Python for a Python file', async () => {
    write({ 'a.py': 'import dspy', 'b.json': '{"definition": "a -> b"}' });
    const { exitCode, stdout } = await run(['signature', 'check'], { env: { PATH: '/nowhere' } });
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('a.py: python_missing: There is no python3')]);
  });

  it.each([
    ['a path that is not there', ['signature', 'check', 'nowhere.py'], 'nowhere.py cannot be looked at (ENOENT)'],
    ['an option that is not there', ['signature', 'check', '--jsn'], "unknown option '--jsn'\n(Did you mean --json?)"],
    ['a command that is not there', ['signature', 'chek'], "unknown command 'chek'\n(Did you mean check?)"],
    ['no command', ['signature'], 'Usage: dspy-nest signature'],
  ])('ends with 2 for %s', async (_, args, message) => {
    expect(await run(args)).toEqual({ exitCode: 2, stdout: '', stderr: expect.stringContaining(message) as string });
  });

  it.each([
    ['on a terminal', {}, true],
    ['on a terminal with NO_COLOR', { NO_COLOR: '1' }, false],
  ])('is coloured or not %s', async (_, env, isColoured) => {
    const { exitCode, stdout } = await run(['signature', 'check', '-d', 'a: x -> b'], { env, onTerminal: true });
    expect([exitCode, stdout.includes('\u001B[')]).toEqual([1, isColoured]);
  });
});

describe('dspy-nest signature print', () => {
  it.each([
    ['a definition', ['q, d: list[str] -> a: Optional[int]'], 'q: string, d: list[string] -> a: int?\n'],
    ['stdin', ['-'], 'x: string -> y: string\n'],
    ['a file', ['src/mood.ts'], 'message: string -> mood: enum["happy", "angry"]\na: string -> b: string\n'],
  ])('prints the canonical text of %s', async (_, args, stdout) => {
    write({ 'src/mood.ts': `${PLANTED_FILES['src/mood.ts']?.split('export const reply')[0]}signature('a->b')` });
    expect(await run(['signature', 'print', ...args], { input: 'x->y' })).toEqual({ exitCode: 0, stdout, stderr: '' });
  });

  it('prints the spec, with the name and the instructions that a file gives', async () => {
    write({
      'qa.py':
        'import dspy\nclass Qa(dspy.Signature):\n  "Be brief."\n  a = dspy.InputField()\n  b: int = dspy.OutputField()',
    });
    const { stdout } = await run(['signature', 'print', 'qa.py', '--json']);
    expect(JSON.parse(stdout)).toMatchObject([
      { name: 'Qa', instructions: 'Be brief.', definition: 'a: string -> b: int' },
    ]);
  });

  it('prints the JSON Schemas', async () => {
    const { stdout } = await run(['signature', 'print', 'a -> b: int', '--json-schema']);
    expect(JSON.parse(stdout)).toMatchObject({ input: { required: ['a'] }, output: { properties: { b: { type: 'integer' } } } }); // prettier-ignore
  });

  it.each([
    ['a mistake', ['a: strng -> b'], 1, 'Did you mean "string"?'],
    ['a file without a definition', ['empty.py'], 1, 'empty.py holds no definition'],
    ['a folder', ['.'], 2, 'holds several files'],
    ['a file that is not there', ['nowhere.ts'], 2, 'There is no file nowhere.ts'],
    [
      'two forms at once',
      ['a -> b', '--json', '--json-schema'],
      2,
      "'--json' cannot be used with option '--json-schema'",
    ],
    ['nothing to print', [], 2, "missing required argument 'definition|file'"],
  ])('refuses %s', async (_, args, exitCode, message) => {
    write({ 'empty.py': 'import dspy', 'a.json': '{"definition": "a -> b"}' });
    const stderr = expect.stringContaining(message) as string;
    expect(await run(['signature', 'print', ...args])).toEqual({ exitCode, stdout: '', stderr });
  });
});

describe('dspy-nest', () => {
  it('says what it can do, with examples', async () => {
    expect((await run(['--help'])).stdout).toMatch(/Commands:\n {2}signature .*\n {2}types /);
    for (const command of ['signature check', 'signature print', 'types pull']) {
      const { exitCode, stdout } = await run([...command.split(' '), '--help']);
      expect([exitCode, stdout]).toEqual([
        0,
        expect.stringMatching(new RegExp(`Examples:\\n {2}dspy-nest ${command}`)),
      ]);
    }
  });

  it('says its version', async () => {
    expect(await run(['--version'])).toEqual({ exitCode: 0, stdout: '0.1.0\n', stderr: '' });
  });
});

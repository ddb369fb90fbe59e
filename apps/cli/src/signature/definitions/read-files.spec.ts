import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { findFiles } from './find-files';
import { readFiles } from './read-files';

const TYPESCRIPT = "import { signature } from '@dspy-nest/signature';\nsignature('a -> b');";
const JSON_BODY = '{"definition": "a -> b"}';
const PYTHON = 'import dspy\ndspy.Predict("a -> b")';
const LARGE = `${JSON_BODY}${' '.repeat(1_048_576)}`;

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'dspy-nest-files-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string | Buffer): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

describe('the files to check', () => {
  const found = async (...paths: string[]): Promise<string[]> =>
    (await findFiles(paths)).map(({ path }) => relative(folder, path));

  it('are those of a known kind below a folder, in order', async () => {
    ['b/z.py', 'b/a.mts', 'a.json', 'c.tsx', 'd.txt', 'e.md', 'f'].forEach((path) => write(path, ''));
    expect(await found(folder)).toEqual(['a.json', 'b/a.mts', 'b/z.py', 'c.tsx']);
  });

  it('are not those that others wrote or programs made, or behind links', async () => {
    [
      'node_modules/a.ts',
      'x/dist/a.js',
      '.git/a.json',
      '.venv/a.py',
      'env/pyvenv.cfg',
      'env/lib/a.py',
      'x/a.py',
    ].forEach((path) => write(path, ''));
    symlinkSync(join(folder, 'x'), join(folder, 'link'));
    symlinkSync(join(folder, 'x', 'a.py'), join(folder, 'link.py'));
    expect(await found(folder)).toEqual(['x/a.py']);
  });

  it('are those that are named, once, wherever they are', async () => {
    const file = write('dist/a.ts', '');
    expect(await found(file, `${folder}/./dist/a.ts`, join(folder, 'dist'))).toEqual(['dist/a.ts']);
    const [candidate] = await findFiles([file, join(folder, 'dist')]);
    expect(candidate?.isNamed).toBe(true);
  });

  it('exist', async () => {
    await expect(found(join(folder, 'nowhere'))).rejects.toThrow(/nowhere cannot be looked at \(ENOENT\): name files/);
  });

  it('are not too many', async () => {
    ['a.py', 'b/b.py', 'b/c.py'].forEach((path) => write(path, ''));
    await expect(findFiles([folder], 2)).rejects.toThrow('holds more than 2 files to look at: name smaller folders.');
    expect(await findFiles([folder], 3)).toHaveLength(3);
  });

  it('are of a known kind', async () => {
    await expect(found(write('a.txt', ''))).rejects.toThrow(
      /a\.txt is not of a kind that can hold.*\.ts.*\.py, \.json/,
    );
  });
});

describe('reading files', () => {
  const read = async (...paths: string[]) => readFiles(await findFiles(paths.length === 0 ? [folder] : paths));

  it('gives the definitions of all kinds, in the order of the paths', async () => {
    write('a.json', JSON_BODY);
    write('b.py', PYTHON);
    write('c.ts', TYPESCRIPT);
    const { files } = await read();
    expect(files.map(({ path, definitions: [definition] }) => [relative(folder, path), definition?.text])).toEqual([
      ['a.json', 'a -> b'],
      ['b.py', 'a -> b'],
      ['c.ts', 'a -> b'],
    ]);
  });

  it('leaves out files that cannot hold one, also broken ones', async () => {
    write('a.json', '{');
    write('b.py', 'x = = 1');
    write('c.py', Buffer.from([0xff, 0xfe]));
    write('d.ts', 'signature(1)');
    expect(await read()).toEqual({ files: [], skipped: [] });
  });

  it('does not count a byte order mark', async () => {
    write('a.py', `\uFEFF${PYTHON}`);
    write('b.json', `\uFEFF${JSON_BODY}`);
    const { files } = await read();
    const placed = files.map(({ text, definitions: [definition] }) => text.slice(definition?.stretches[0]?.offset));
    expect(placed).toEqual(['a -> b")', 'a -> b"}']);
  });

  it('skips a large file that was found, and tells of one that was named', async () => {
    const file = write('a.json', LARGE);
    expect(await read()).toEqual({ files: [], skipped: [file] });
    expect(await read(file)).toMatchObject({ files: [{ path: file, problem: { code: 'too_large' } }], skipped: [] });
  });

  it.each([
    ['not_utf8', 'a.py', Buffer.concat([Buffer.from('import dspy # '), Buffer.from([0xe9])])],
    ['invalid_python', 'a.py', 'import dspy\nx = = 1'],
    ['invalid_json', 'a.json', '{"definition": '],
    ['too_deep', 'a.json', `{"definition": ${'['.repeat(50_000)}`],
    ['too_deep', 'a.ts', `import '@dspy-nest/signature'; x = ${'['.repeat(50_000)}`],
  ])('tells of %s in %s', async (code, path, text) => {
    write(path, text);
    expect((await read()).files).toMatchObject([{ definitions: [], problem: { code } }]);
  });

  it('tells of a file that may not be read', async () => {
    const file = write('a.py', PYTHON);
    const candidates = await findFiles([folder]);
    rmSync(file);
    expect((await readFiles(candidates)).files).toMatchObject([{ problem: { code: 'unreadable' } }]);
  });
});

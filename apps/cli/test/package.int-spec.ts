import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { PLANTED_FILES, PLANTED_REPORT } from './planted-errors';

const root = join(__dirname, '..', '..', '..');
const run = promisify(execFile);

const folder = mkdtempSync(join(tmpdir(), 'dspy-nest-package-'));
afterAll(() => rmSync(folder, { recursive: true }));
jest.setTimeout(180_000);

/** Copies what the package is built from, so that nothing is left in the repository. */
function copySources(repository: string): void {
  for (const part of ['apps/cli', 'libs/signature', 'tsconfig.json']) {
    cpSync(join(root, part), join(repository, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(repository, 'node_modules'));
}

/** Unpacks the package into a folder of its own, beside what it depends on. */
async function install(repository: string, modules: string): Promise<void> {
  const pack = ['pack', '--silent', '--offline', '--no-update-notifier', '--pack-destination', folder];
  const { stdout } = await run('npm', pack, { cwd: join(repository, 'apps/cli') });
  for (const name of ['dspy-nest', '@dspy-nest']) mkdirSync(join(modules, name), { recursive: true });
  const tarball = join(folder, stdout.trim().split('\n').at(-1) ?? '');
  await run('tar', ['-xzf', tarball, '--strip-components=1', '-C', join(modules, 'dspy-nest')]);
  symlinkSync(join(repository, 'libs/signature'), join(modules, '@dspy-nest/signature'));
  for (const name of ['commander', 'typescript']) symlinkSync(join(root, 'node_modules', name), join(modules, name));
}

it('is a package that works outside of this repository', async () => {
  copySources(join(folder, 'repository'));
  await install(join(folder, 'repository'), join(folder, 'node_modules'));
  const project = join(folder, 'project');
  for (const [path, text] of Object.entries(PLANTED_FILES)) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  }
  const program = join(folder, 'node_modules/dspy-nest/dist/main.js');
  const check = run(process.execPath, [program, 'signature', 'check'], { cwd: project });
  await expect(check).rejects.toMatchObject({ code: 1, stdout: PLANTED_REPORT, stderr: '' });
});

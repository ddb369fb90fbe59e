import { execFile } from 'node:child_process';
import { cpSync, readdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const python = resolve('.venv/bin/python');
/** What httpx is made of: all that the client needs. */
const NEEDED = ['anyio', 'certifi', 'h11', 'httpcore', 'httpx', 'idna', 'typing_extensions'];

/**
 * Packs the Python client as it is published, and installs it into an environment that is empty but for httpx, in a folder;
 * resolves to the Python of that environment. What httpx needs is linked, so that no network is needed.
 */
export async function installPackedPython(folder: string): Promise<string> {
  const source = join(folder, 'source');
  for (const part of ['pyproject.toml', 'README.md', 'src']) {
    cpSync(resolve('libs/client-python', part), join(source, part), { recursive: true });
  }
  await run(python, ['-m', 'hatchling', 'build', '-t', 'wheel', '-d', folder], { cwd: source });
  const [wheel] = readdirSync(folder).filter((name) => name.endsWith('.whl'));
  const environment = join(folder, 'venv');
  await run(python, ['-m', 'venv', '--without-pip', environment]);
  const installed = join(environment, 'bin/python');
  const options = ['--quiet', '--no-index', '--no-deps', '--python', installed];
  await run(resolve('.venv/bin/uv'), ['pip', 'install', ...options, join(folder, wheel!)]);
  await linkNeeded(installed);
  return installed;
}

async function linkNeeded(installed: string): Promise<void> {
  const [from, to] = await Promise.all([python, installed].map(sitePackages));
  for (const name of readdirSync(from!)) {
    if (NEEDED.includes(name.replace(/(?:-[\d.]+\.dist-info|\.py)$/, '')))
      symlinkSync(join(from!, name), join(to!, name));
  }
}

async function sitePackages(interpreter: string): Promise<string> {
  const { stdout } = await run(interpreter, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))']);
  return stdout.trim();
}

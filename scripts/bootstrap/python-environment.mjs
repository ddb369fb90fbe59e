import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { askTool, runTool } from './run-tool.mjs';
import { SetupError, toolError } from './setup-error.mjs';
import { doOnce, fingerprint } from './stamp.mjs';

const CANDIDATES = ['python3.13', 'python3.12', 'python3.11', 'python3', 'python'];
const SUITABLE = ['3.11', '3.12', '3.13'];
const REQUIREMENTS = ['runtime', 'dev', 'uv', 'model'].map((name) => `python-worker/requirements/${name}.txt`);
const STEP = 'Python environment';
// Installers look for these; the tools' own variables win.
const UV_NAMES = { 'index-url': 'UV_DEFAULT_INDEX', 'extra-index-url': 'UV_INDEX', cert: 'SSL_CERT_FILE' };

/** Makes `.venv` with exactly the locked packages unless it is there; tells whether it did. */
export function installPythonEnvironment(root) {
  const venv = join(root, '.venv');
  const wanted = fingerprint(root, REQUIREMENTS, [root, process.arch]);
  const stamp = join(venv, '.dspy-nest-stamp');
  if (!isUsable(venv, root)) rmSync(stamp, { force: true });
  return doOnce(stamp, wanted, async () => {
    if (!isUsable(venv, root)) await makeVenv(venv, root);
    await run([join(venv, 'bin', 'python'), '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '1',
      '--require-hashes', '--only-binary', ':all:', '-r', REQUIREMENTS[2]], root); // prettier-ignore
    // All files at once: a sync removes what it is not told of.
    const files = REQUIREMENTS.filter((file) => existsSync(join(root, file)));
    await run([join(venv, 'bin', 'uv'), 'pip', 'sync', '--quiet', '--python', join(venv, 'bin', 'python'), '--require-hashes',
      '--no-python-downloads', '--no-build', ...files], root, uvEnvironment(venv, root)); // prettier-ignore
  });
}

async function makeVenv(venv, root) {
  await run([findPython(root), '-m', 'venv', '--clear', venv], root);
}

async function run(command, root, env) {
  const result = await runTool(command, { cwd: root, env });
  if (result.status !== 0) throw toolError(STEP, 'the Python package index', result);
}

/** Whether `.venv` was made for this folder (its programs hold absolute paths) by a Python that still runs. */
function isUsable(venv, root) {
  const configuration = join(venv, 'pyvenv.cfg');
  if (!existsSync(configuration) || !readFileSync(configuration, 'utf8').includes(venv)) return false;
  return SUITABLE.includes(askTool([join(venv, 'bin', 'python'), '-c', VERSION], { cwd: root }));
}

const VERSION = 'import sys; print("%d.%d" % sys.version_info[:2])';

function findPython(root) {
  const options = { cwd: root };
  const found = CANDIDATES.map((name) => ({ name, version: askTool([name, '-c', VERSION], options) })).filter(
    ({ version }) => version,
  );
  const suitable = found.filter(({ version }) => SUITABLE.includes(version));
  const usable = suitable.find(({ name }) => askTool([name, '-c', 'import venv, ensurepip'], options) !== undefined);
  if (usable) return usable.name;
  if (suitable.length > 0) {
    throw new SetupError(
      'python_venv_missing',
      `Python ${suitable[0].version} has no module venv with ensurepip. On Debian and Ubuntu: apt install python3-venv.`,
    );
  }
  const remedy = 'Install Python 3.11, 3.12 or 3.13 (on Debian 12 and Ubuntu 24.04: apt install python3 python3-venv).';
  if (found.length === 0) throw new SetupError('python_missing', `There is no Python on the PATH. ${remedy}`);
  const versions = found.map(({ name, version }) => `${name} is ${version}`).join(', ');
  throw new SetupError('python_unsuitable', `No suitable Python: ${versions}. ${remedy}`);
}

/** uv does not read pip's configuration, where a mirror or a company's certificate may be set. */
function uvEnvironment(venv, root) {
  const listed = askTool([join(venv, 'bin', 'python'), '-m', 'pip', 'config', 'list'], { cwd: root }) ?? '';
  const env = { ...process.env };
  for (const [, name, value] of listed.matchAll(/^(?:global|install|:env:)\.([\w-]+)='(.*)'$/gm)) {
    const uvName = UV_NAMES[name];
    if (uvName && value) env[uvName] ??= value;
  }
  return env;
}

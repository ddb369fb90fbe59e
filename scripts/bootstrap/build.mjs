import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from './run-tool.mjs';
import { SetupError } from './setup-error.mjs';
import { doOnce, filesBelow, fingerprint } from './stamp.mjs';

// Each takes a core, and half a gigabyte.
const COMPILERS = 2;
const CONFIGURATION = ['package-lock.json', 'nest-cli.json', 'tsconfig.json'];
const isBuilt = (path) => !/\.(int-|e2e-)?spec\.ts$|\/test\/|\.md$/.test(path);

/** Compiles all services unless `dist` is of these sources; tells whether it did. */
export function buildServices(root) {
  const files = [...CONFIGURATION, ...filesBelow(root, ['apps', 'libs'], isBuilt)];
  const dist = join(root, 'dist');
  return doOnce(join(dist, '.dspy-nest-stamp'), fingerprint(root, files), async () => {
    // A source that was removed must not live on in its compiled form.
    rmSync(dist, { recursive: true, force: true });
    const nest = [node24(root), join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js'), 'build'];
    const compiled = await Promise.all(lanes(root).map((apps) => runTool([...nest, ...apps], { cwd: root })));
    const failed = compiled.find(({ status }) => status !== 0);
    if (failed !== undefined)
      throw new SetupError(
        'build_failed',
        `The services do not compile:\n${failed.output.trim().split('\n').slice(-40).join('\n')}`,
      );
  });
}

/** The apps, shared out among the compilers that run at once. */
function lanes(root) {
  const apps = readdirSync(join(root, 'apps'));
  return Array.from({ length: COMPILERS }, (_, lane) => apps.filter((_, index) => index % COMPILERS === lane)).filter(
    (names) => names.length > 0,
  );
}

/** The Node of the lockfile, under which everything but the installation runs. */
export function node24(root) {
  return join(root, 'node_modules', '.bin', 'node');
}

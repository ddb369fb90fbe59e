import { lookup } from 'node:dns/promises';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { askTool, runTool } from './run-tool.mjs';
import { noNetwork, toolError } from './setup-error.mjs';
import { doOnce, fingerprint } from './stamp.mjs';

const LOOKUP_MS = 5_000;
// What npm tells its scripts about the command in hand would change what a nested npm does.
const OF_THE_OUTER_NPM =
  /^npm_(lifecycle_|package_|command$|config_(local_prefix|loglevel|json|once|empty|workspace|workspaces)$)/;

/** The environment for a nested npm: configuration stays, what belongs to the outer command goes. */
function nestedNpmEnvironment(env = process.env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !OF_THE_OUTER_NPM.test(name)));
}

function npm() {
  const script = process.env.npm_execpath;
  return script?.endsWith('.js') && existsSync(script) ? [process.execPath, script] : ['npm'];
}

/** Installs the locked Node packages unless they are there; tells whether it did. */
export function installNodePackages(root) {
  const wanted = fingerprint(root, ['package-lock.json', '.npmrc'], [process.platform, process.arch, declared(root)]);
  return doOnce(join(root, 'node_modules', '.dspy-nest-stamp'), wanted, async () => {
    const options = { cwd: root, env: nestedNpmEnvironment() };
    const registry = registryHost(options);
    const offline = !(await isReachable(registry, options));
    const retries = offline ? ['--offline'] : ['--fetch-retries', '1'];
    const result = await runTool([...npm(), 'ci', '--no-progress', ...retries], options);
    if (result.status === 0) return;
    throw offline ? noNetwork('Node packages', registry) : toolError('Node packages', registry, result);
  });
}

// A change of a script in package.json is no reason to install anew.
function declared(root) {
  const { dependencies, devDependencies, optionalDependencies, overrides, workspaces } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  return JSON.stringify([dependencies, devDependencies, optionalDependencies, overrides, workspaces]);
}

/** The host that npm downloads from, as configured. */
function registryHost(options) {
  const address = askTool([...npm(), 'config', 'get', 'registry'], options);
  return address && URL.canParse(address) ? new URL(address).hostname : 'the package registry';
}

// npm itself notices a missing network only after minutes. Behind a proxy the name need not be known here.
async function isReachable(host, options) {
  if (!host.includes('.') || usesProxy(options)) return true;
  const late = new Promise((resolve) => setTimeout(resolve, LOOKUP_MS, false).unref());
  return Promise.race([
    lookup(host).then(
      () => true,
      () => false,
    ),
    late,
  ]);
}

function usesProxy(options) {
  const configured = askTool([...npm(), 'config', 'get', 'https-proxy'], options);
  return (
    (configured ?? 'null') !== 'null' ||
    ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some((name) => process.env[name])
  );
}

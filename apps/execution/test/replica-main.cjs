// Runs a replica from its TypeScript sources in a process of its own, which a test can kill. Jest's own transform ends at its
// process, and type stripping knows no decorators.
const { existsSync, readFileSync } = require('node:fs');
const { registerHooks } = require('node:module');
const { join } = require('node:path');
const { fileURLToPath, pathToFileURL } = require('node:url');
const { transformSync } = require('@swc/core');

const ROOT = join(__dirname, '..', '..', '..');
const OPTIONS = {
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    target: 'es2022',
  },
  module: { type: 'commonjs' },
  swcrc: false,
};

function sourceFile(specifier, parentURL) {
  const library = /^@dspy-nest\/([^/]+)$/.exec(specifier)?.[1];
  if (library !== undefined) return join(ROOT, 'libs', library, 'src', 'index.ts');
  if (!specifier.startsWith('.') || parentURL === undefined) return undefined;
  const file = fileURLToPath(new URL(`${specifier}.ts`, parentURL));
  return existsSync(file) ? file : undefined;
}

registerHooks({
  resolve(specifier, context, nextResolve) {
    const file = sourceFile(specifier, context.parentURL);
    if (file === undefined) return nextResolve(specifier, context);
    return { url: pathToFileURL(file).href, format: 'commonjs', shortCircuit: true };
  },
  load(url, context, nextLoad) {
    if (!url.endsWith('.ts')) return nextLoad(url, context);
    const filename = fileURLToPath(url);
    const source = transformSync(readFileSync(filename, 'utf8'), { ...OPTIONS, filename }).code;
    return { format: 'commonjs', source, shortCircuit: true };
  },
});

require('../src/main');

// Lets Node 24 run this repository's TypeScript by type stripping: relative imports are written without an extension (as
// CommonJS wants them) and libraries are imported by alias, neither of which Node resolves by itself.
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

function typescriptFile(specifier, parentURL) {
  const alias = /^@dspy-nest\/([a-z]+)$/.exec(specifier);
  if (alias) return join(root, 'libs', alias[1], 'src', 'index.ts');
  // The program itself, which Node would first try as CommonJS.
  if (parentURL === undefined && specifier.startsWith('file:') && specifier.endsWith('.ts'))
    return fileURLToPath(specifier);
  if (!specifier.startsWith('.') || !parentURL?.startsWith('file:')) return undefined;
  const file = `${resolve(dirname(fileURLToPath(parentURL)), specifier)}.ts`;
  return existsSync(file) ? file : undefined;
}

registerHooks({
  resolve(specifier, context, nextResolve) {
    const file = typescriptFile(specifier, context.parentURL);
    return file === undefined
      ? nextResolve(specifier, context)
      : { url: pathToFileURL(file).href, format: 'module-typescript', shortCircuit: true };
  },
});

#!/usr/bin/env node
// `npx dspy-nest` in this clone: the command line as it was built. The published package brings its own; see apps/cli.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = new URL('../dist/apps/cli/apps/cli/src/main.js', import.meta.url);
if (existsSync(fileURLToPath(main))) {
  await import(main.href);
} else {
  console.error('dspy-nest is not built here yet: run npm run build first.');
  process.exitCode = 2;
}

// Prevents two processes, or two languages, from meaning different things by one message: JSON Schemas and Python models
// are made from libs/contracts and committed, and `check` names every committed file that is not what would be made now.
//   node --import ./scripts/register-typescript.mjs scripts/contracts.ts generate|check
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  pythonErrorCodes,
  pythonMessages,
  pythonNetworks,
  pythonSizes,
  pythonSubjects,
  pythonTimings,
} from './contracts-python';
import { contractBundle } from './contracts-schema';

const PYTHON = 'python-worker/src/dspy_worker/contracts';

function generatedFiles(toolFolder: string): Map<string, string> {
  const bundle = contractBundle();
  return new Map([
    ['libs/contracts/schemas/contracts.schema.json', `${JSON.stringify(bundle, null, 2)}\n`],
    [`${PYTHON}/messages.py`, pythonMessages(bundle, toolFolder)],
    [`${PYTHON}/subjects.py`, pythonSubjects(toolFolder)],
    [`${PYTHON}/error_codes.py`, pythonErrorCodes(toolFolder)],
    [`${PYTHON}/networks.py`, pythonNetworks(toolFolder)],
    [`${PYTHON}/sizes.py`, pythonSizes(toolFolder)],
    [`${PYTHON}/timings.py`, pythonTimings(toolFolder)],
  ]);
}

function generate(files: Map<string, string>): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  console.log(`contracts: ${files.size} files written`);
}

function check(files: Map<string, string>): void {
  const stale = [...files].filter(([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text);
  if (stale.length === 0) {
    console.log(`contracts: ${files.size} files up to date`);
    return;
  }
  console.error('contracts: not what libs/contracts says now; run `npm run contracts:generate` and commit:');
  stale.forEach(([path]) => console.error(`  ${path}`));
  process.exitCode = 1;
}

const mode = process.argv[2];
if (mode === 'generate') generate(generatedFiles('.venv/bin'));
else if (mode === 'check') check(generatedFiles('.venv/bin'));
else {
  console.error('Say `generate` or `check`.');
  process.exitCode = 2;
}

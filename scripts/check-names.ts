// Prevents files that grow past reading, drawers for anything, subjects spelled outside the contracts, and a creeping `any`.
import { globSync, readFileSync } from 'node:fs';
import { findNameFaults } from './names';

const FEWEST_FILES = 350;
const SOURCES = ['{apps,libs,scripts,bench}/**/*.{ts,tsx,mjs,cjs}', 'python-worker/{src,tests}/**/*.py'];

const paths = SOURCES.flatMap((pattern) => globSync(pattern, { exclude: ['**/node_modules', '**/dist'] }));
const faults = findNameFaults(paths.map((path) => ({ path, text: readFileSync(path, 'utf8') })));
faults.forEach(({ path, rule, message }) => console.error(`  ${rule}: ${path}: ${message}`));
if (paths.length < FEWEST_FILES) console.error(`Only ${paths.length} files seen, at least ${FEWEST_FILES} expected.`);

console.log(`names: ${paths.length} files, ${faults.length} faults`);
process.exitCode = faults.length === 0 && paths.length >= FEWEST_FILES ? 0 : 1;

// Prevents imports that the architecture forbids (.dependency-cruiser.cjs says which and why). dependency-cruiser calls a tree
// it could not read clean, so every source file must have been seen, and enough of them.
import { findViolations } from './boundaries';

const FEWEST_FILES = 300;

const { violations, seen, unseen } = findViolations('.', 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
violations.forEach(({ rule, from, to }) => console.error(`  ${rule}: ${from} → ${to}`));
unseen.forEach((file) => console.error(`  not seen: ${file}`));
if (violations.length > 0) console.error('The rules and their reasons are in .dependency-cruiser.cjs.');
if (seen < FEWEST_FILES)
  console.error(`Only ${seen} files seen, at least ${FEWEST_FILES} expected: is the compiler there?`);

const isClean = violations.length === 0 && unseen.length === 0 && seen >= FEWEST_FILES;
console.log(`boundaries: ${seen} files, ${violations.length} violations`);
process.exitCode = isClean ? 0 : 1;

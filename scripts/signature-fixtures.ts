// Prevents Node and Python from drifting apart where no test runs both: specs with their hashes, numbers with their texts and
// the readings of DSPy's texts are committed, and the tests of each language judge the same rows.
//   node --import ./scripts/register-typescript.mjs scripts/signature-fixtures.ts
import { writeFileSync } from 'node:fs';
import { FIXTURES, madeFixtures } from './signatures/fixtures';

for (const [name, text] of madeFixtures()) writeFileSync(`${FIXTURES}/${name}`, text);

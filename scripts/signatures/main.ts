// Prevents a spec that one of its forms cannot carry: 10,000 random ones go through the text, JSON, JSON Schema, OpenAI's strict
// rules and the Python worker, which also writes 100,000 random numbers; as many hostile texts are read, as many pairs of types
// compared, and all compilers read the published types. `npm test` does the same with a small budget.
import { unitSuite, verifySuites } from '../verify/unit-suites';

const RUNS = 10_000;
const env = { SIGNATURE_RUNS: String(RUNS), ALL_COMPILERS: '1' };

void verifySuites([
  unitSuite(
    `${RUNS} specs through text, JSON, JSON Schema and strict schemas`,
    'signature/src/round-trips.spec.ts',
    env,
  ),
  unitSuite(`${RUNS} specs and ${10 * RUNS} numbers through Python`, 'signature/test/python.spec.ts', env),
  unitSuite(`${RUNS} mutated texts`, 'signature/test/hostile-texts.spec.ts', env),
  unitSuite(`${RUNS} pairs of types`, 'signature/src/diff/subtype-property.spec.ts', env),
  unitSuite('Published types under all compilers', '(signature/test/compilers|client/test/package).spec.ts', env),
]);

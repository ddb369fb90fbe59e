// Prevents that luck is taken for progress: of 1,000 comparisons of equally good programs at most 5 % may say "improved".
// `npm test` does the same with a small budget.
import { unitSuite, verifySuites } from '../verify/unit-suites';

const RUNS = 1_000;

void verifySuites([
  unitSuite(`${RUNS} comparisons without a difference`, 'libs/statistics/src/verdict.spec.ts', {
    NULL_RUNS: String(RUNS),
  }),
]);

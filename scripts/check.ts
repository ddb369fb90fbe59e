// `npm run check`: what can be known without starting a server, in under two minutes. One list for a person and for
// `npm test`, so that neither forgets a check.
import { runSteps } from './verify/run-steps';
import { CHECK_STEPS } from './verify/step-list';

const LANES = 2;

void runSteps(CHECK_STEPS, LANES).then((results) => {
  const failed = results.filter((result) => !result.ok).map((result) => result.title);
  process.stdout.write(failed.length === 0 ? 'All checks passed.\n' : `Failed: ${failed.join(', ')}\n`);
  process.exitCode = failed.length === 0 ? 0 : 1;
});

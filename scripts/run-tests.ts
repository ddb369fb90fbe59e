// `npm test`: the checks, then everything that needs real servers, the worker and the model. It goes on after a failure and
// counts over all tools, so that one run shows everything that is wrong; its last line is `N passed, N failed`.
import { runSteps } from './verify/run-steps';
import { CHECK_STEPS, TEST_STEPS } from './verify/step-list';
import { addUp } from './verify/verification-step';

const CHECK_LANES = 2;

void runAll();

async function runAll(): Promise<void> {
  const results = [...(await runSteps(CHECK_STEPS, CHECK_LANES)), ...(await runSteps(TEST_STEPS, 1))];
  const { passed, failed } = addUp(results);
  process.exitCode = failed === 0 ? 0 : 1;
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
}

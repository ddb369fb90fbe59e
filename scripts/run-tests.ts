// `npm test`: the checks, then everything that needs real servers, the worker and the model. It goes on after a failure and
// counts over all tools, so that one run shows everything that is wrong; its last line is `N passed, N failed`.
import { runSteps } from './verify/run-steps';
import { NARROW_STEPS, WIDE_STEPS } from './verify/step-list';
import { addUp, type StepResult } from './verify/verification-step';

// On two cores: one of the three waits for workers that it ends, most of its time.
const LANES = 3;

void runAll();

async function runAll(): Promise<void> {
  const results = [...(await runSteps(NARROW_STEPS, LANES)), ...(await runSteps(WIDE_STEPS, 1))];
  const { passed, failed } = addUp(results);
  for (const name of results.flatMap(failedNames)) process.stdout.write(`FAILED ${name}\n`);
  process.exitCode = failed === 0 ? 0 : 1;
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
}

// The output of a failed step is long, and a build server may cut it.
function failedNames({ title, ok, failures }: StepResult): string[] {
  if (ok) return [];
  return failures.length === 0 ? [title] : failures.map((name) => `${title}: ${name}`);
}

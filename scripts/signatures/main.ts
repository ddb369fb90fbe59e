// Prevents a spec that one of its forms cannot carry: 10,000 random ones go through the text, JSON, JSON Schema, OpenAI's strict
// rules and the Python worker, which also writes 100,000 random numbers. `npm test` does the same with a small budget.
import { runSteps } from '../verify/run-steps';
import { addUp, type VerificationStep } from '../verify/verification-step';

const RUNS = 10_000;
const HOUR_MS = 3_600_000;

const jest = (title: string, path: string): VerificationStep => ({
  title,
  command: [process.execPath, '--experimental-vm-modules', 'node_modules/jest/bin/jest.js', path, '--json', '--outputFile', '{report}', '--selectProjects', 'unit'], // prettier-ignore
  env: { SIGNATURE_RUNS: String(RUNS) },
  report: 'jest',
  timeoutMs: HOUR_MS,
});

const STEPS = [
  jest(`${RUNS} specs through text, JSON, JSON Schema and strict schemas`, 'libs/signature/src/round-trips.spec.ts'),
  jest(`${RUNS} specs and ${10 * RUNS} numbers through Python`, 'libs/signature/test/python.spec.ts'),
];

void runSteps(STEPS, 1).then((results) => {
  const { passed, failed } = addUp(results);
  process.exitCode = failed === 0 ? 0 : 1;
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
});

import { runSteps } from './run-steps';
import { addUp, type VerificationStep } from './verification-step';

const HOUR_MS = 3_600_000;
const JEST = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js'];

/** Suites of unit tests with the budget that environment variables give them. */
export function unitSuite(title: string, path: string, env: Record<string, string>): VerificationStep {
  const options = ['--json', '--outputFile', '{report}', '--selectProjects', 'unit'];
  return { title, command: [process.execPath, ...JEST, path, ...options], env, report: 'jest', timeoutMs: HOUR_MS };
}

/** Runs suites one after the other; the exit code says whether all passed. */
export async function verifySuites(suites: readonly VerificationStep[]): Promise<void> {
  const { passed, failed } = addUp(await runSteps(suites, 1));
  process.exitCode = failed === 0 ? 0 : 1;
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
}

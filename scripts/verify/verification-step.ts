/** One tool that says whether a property of the repository holds. */
export interface VerificationStep {
  readonly title: string;
  readonly command: readonly string[];
  /** From the repository's root. */
  readonly cwd?: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** How many tests the tool ran stands in the file that takes the place of `{report}` in the command. */
  readonly report?: 'jest' | 'junit';
  readonly timeoutMs: number;
}

/** What came of a step. A tool without tests of its own counts as nothing when it succeeded and as one failure otherwise. */
export interface StepResult {
  readonly title: string;
  readonly passed: number;
  readonly failed: number;
  readonly ok: boolean;
  readonly elapsedMs: number;
  readonly output: string;
}

/** The counts in a report of Jest; a suite that could not run at all is a failure. */
export function countJest(report: string): { passed: number; failed: number } {
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(report) as Record<string, number>;
  return { passed: numPassedTests ?? 0, failed: (numFailedTests ?? 0) + (numRuntimeErrorTestSuites ?? 0) };
}

/** The counts in a JUnit report of pytest; an error outside of a test is a failure, a skipped test is neither. */
export function countJunit(report: string): { passed: number; failed: number } {
  const suite = /<testsuite [^>]*>/.exec(report)?.[0] ?? '';
  const count = (name: string) => Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = count('failures') + count('errors');
  return { passed: count('tests') - failed - count('skipped'), failed };
}

/** The totals of several steps. */
export function addUp(results: readonly StepResult[]): { passed: number; failed: number } {
  return {
    passed: results.reduce((sum, result) => sum + result.passed, 0),
    failed: results.reduce((sum, result) => sum + result.failed, 0),
  };
}

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
  /** The names of the tests that failed. */
  readonly failures: readonly string[];
}

interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** What a report of tests says. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly string[];
}

/** The counts in a report of Jest; a suite that could not run at all is a failure. */
export function countJest(report: string): TestCounts {
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, testResults } = JSON.parse(report) as JestReport;
  const failures = testResults.flatMap(({ name, status, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed').map(({ fullName }) => fullName);
    return status === 'failed' && failed.length === 0 ? [name] : failed;
  });
  return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites, failures };
}

/** The counts in a JUnit report of pytest; an error outside of a test is a failure, a skipped test is neither. */
export function countJunit(report: string): TestCounts {
  const suite = /<testsuite [^>]*>/.exec(report)?.[0] ?? '';
  const count = (name: string) => Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = count('failures') + count('errors');
  const failures = [...report.matchAll(/<testcase classname="([^"]*)" name="([^"]*)"[^>]*><(?:failure|error)/g)].map(
    ([, file, name]) => `${file}: ${name}`,
  );
  return { passed: count('tests') - failed - count('skipped'), failed, failures };
}

/** The totals of several steps. */
export function addUp(results: readonly StepResult[]): { passed: number; failed: number } {
  return {
    passed: results.reduce((sum, result) => sum + result.passed, 0),
    failed: results.reduce((sum, result) => sum + result.failed, 0),
  };
}

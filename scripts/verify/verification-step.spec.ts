import { addUp, countJest, countJunit } from './verification-step';

describe('the counts of a test run', () => {
  it('are read from a report of Jest, with suites that could not run', () => {
    const testResults = [
      {
        name: 'a.spec.ts',
        status: 'failed',
        assertionResults: [
          { fullName: 'a works', status: 'passed' },
          { fullName: 'a ends', status: 'failed' },
        ],
      },
      { name: 'b.spec.ts', status: 'failed', assertionResults: [] },
    ];
    const report = { numPassedTests: 1, numFailedTests: 1, numRuntimeErrorTestSuites: 1, testResults };
    expect(countJest(JSON.stringify(report))).toEqual({ passed: 1, failed: 2, failures: ['a ends', 'b.spec.ts'] });
  });

  it('are read from a report of pytest', () => {
    const report = `<?xml version="1.0"?><testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="1"><testcase classname="tests.test_a" name="test_b" time="0.1" /><testcase classname="tests.test_a" name="test_c[1]" time="0.1"><failure message="no">no</failure></testcase></testsuite></testsuites>`;
    expect(countJunit(report)).toEqual({ passed: 4, failed: 3, failures: ['tests.test_a: test_c[1]'] });
  });

  it('are added up', () => {
    const result = { title: 'x', ok: true, elapsedMs: 1, output: '', failures: [] };
    expect(addUp([{ ...result, passed: 3, failed: 0 }, { ...result, passed: 0, failed: 1 }])).toEqual({ passed: 3, failed: 1 }); // prettier-ignore
  });
});

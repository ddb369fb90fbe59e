import { addUp, countJest, countJunit } from './verification-step';

describe('the counts of a test run', () => {
  it('are read from a report of Jest, with suites that could not run', () => {
    const report = { numPassedTests: 7, numFailedTests: 2, numRuntimeErrorTestSuites: 1, numTotalTests: 9 };
    expect(countJest(JSON.stringify(report))).toEqual({ passed: 7, failed: 3 });
  });

  it('are read from a report of pytest', () => {
    const report = `<?xml version="1.0"?><testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="1"><testcase/></testsuite></testsuites>`;
    expect(countJunit(report)).toEqual({ passed: 4, failed: 3 });
  });

  it('are added up', () => {
    const result = { title: 'x', ok: true, elapsedMs: 1, output: '' };
    expect(addUp([{ ...result, passed: 3, failed: 0 }, { ...result, passed: 0, failed: 1 }])).toEqual({ passed: 3, failed: 1 }); // prettier-ignore
  });
});

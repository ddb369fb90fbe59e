import type { Evaluation, ExampleResult } from './evaluation';
import { junitReport } from './junit';

const EVALUATION = {
  id: '01990a4e-6b1c-7cc3-98a1-3f0e5b7c2d12',
  program: 'route-ticket',
  version: 3,
  metric: 'right-team',
  metricVersion: 1,
  dataset: 'tickets',
  datasetVersion: 4,
  split: 'test',
  counts: { total: 4, ended: 4, failed: 1, unscored: 1 },
  usage: { costUsd: 0.01 },
  summary: { score: 1 / 3, interval: { low: 0.06, high: 0.79, level: 0.95 }, latency: null, errors: [] },
  createdAt: '2026-01-05T09:00:00.000Z',
  finishedAt: '2026-01-05T09:00:02.500Z',
} as unknown as Evaluation;

const result = (index: number, score: number | null, rest: Partial<ExampleResult> = {}): ExampleResult => ({
  index,
  exampleId: 'abcdef0123456789',
  inputs: { ticket: 'x' },
  expected: { team: 'billing' },
  executionId: null,
  answer: { team: 'returns' },
  score,
  totalMs: 40,
  errorCode: null,
  ...rest,
});
const RESULTS = [
  result(0, 1),
  result(1, 0, { answer: { team: '<"&\u0000\ud800">' } }),
  result(2, 0, { answer: null, errorCode: 'timed_out' }),
  result(3, null),
];
const kinds = (report: string): string[] =>
  [...report.matchAll(/<(failure|error|skipped) /g)].map(([, kind]) => kind ?? '');

describe('the report for build servers', () => {
  it('has a test for the score and one for each example', () => {
    const report = junitReport(EVALUATION, RESULTS, 0.8);
    expect(report).toContain(
      '<testsuite name="route-ticket 3 by right-team 1 on tickets 4 (test)" tests="5" failures="2" errors="1" time="2.500" skipped="1" timestamp="2026-01-05T09:00:00">',
    );
    expect(report).toContain(
      '<testcase classname="route-ticket" name="score of at least 0.8" time="0.000"><failure message="0.333, 95 % interval 0.060 to 0.790; at least 0.8 is asked for" type="score"/>',
    );
    expect(report).toContain('<testcase classname="route-ticket" name="example 0 abcdef01" time="0.040"></testcase>');
    expect(report).toContain('<error message="gave no answer" type="timed_out"/>');
    expect(kinds(report)).toEqual(['failure', 'failure', 'error', 'skipped']);
  });

  it('has no failures when the score is good enough, or need not be', () => {
    expect(kinds(junitReport(EVALUATION, RESULTS, 0.3))).toEqual(['skipped']);
    expect(kinds(junitReport(EVALUATION, RESULTS, undefined))).toEqual(['skipped']);
    expect(kinds(junitReport({ ...EVALUATION, summary: null }, [], 0))).toEqual(['failure']);
  });

  it('holds only what XML has a place for', () => {
    const report = junitReport(EVALUATION, RESULTS, 0.8);
    // JSON has escaped the control character; what is left of the half of a pair is its escape, too.
    expect(report).toContain('answer: {&quot;team&quot;:&quot;&lt;\\&quot;&amp;\\u0000\\ud800\\&quot;&gt;&quot;}');
    const named = junitReport({ ...EVALUATION, dataset: 'a\u0001\ufffe<' }, [], undefined);
    expect(named).toContain('on a\ufffd\ufffd&lt; 4');
  });
});

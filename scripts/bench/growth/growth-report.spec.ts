import { growthReport, growthVerdicts } from './growth-report';
import { OPERATIONS, type GrowthStep } from './measure-growth';

const step = (rows: number, p50: number): GrowthStep => ({
  rows,
  sizeMib: rows / 100,
  background: 0.07,
  latencyMs: Object.fromEntries(
    OPERATIONS.map((name, index) => [name, { p50: p50 + index, p95: 9, p99: 10 }]),
  ) as GrowthStep['latencyMs'],
});

describe('the report of growth', () => {
  it('compares the largest table with the smallest, whatever lies between', () => {
    const [execute, newest] = growthVerdicts([step(10, 1), step(100, 50), step(1_000, 2.5)]);
    expect(execute).toBe('- FAIL: execute, 10 to 1000 stored executions: at most 2 x; seen 2.50 x');
    expect(newest).toBe('- pass: newest page, 10 to 1000 stored executions: at most 2 x; seen 1.75 x');
  });

  it('has a row for each size', () => {
    const rows = growthReport([step(1_000, 1), step(10_000, 1)]).split('\n');
    expect(rows.filter((line) => /^\| +10{3,4} \| +10+ \| +7 % \|/.test(line))).toHaveLength(2);
  });
});

import { apisReport } from './apis-report';
import type { Operation } from './measure-apis';

const figures = (operation: Operation, callers: number, requestsPerS: number, background = 0) => ({
  operation,
  callers,
  latencyMs: { p50: 1, p95: 2, p99: 3 },
  requestsPerS,
  background,
});

describe('the report of REST and GraphQL', () => {
  const report = apisReport([
    figures('read, REST', 1, 200),
    figures('read, GraphQL', 1, 50),
    figures('execution, REST', 16, 100, 0.2),
    figures('execution, typed mutation', 16, 90),
  ]);

  it('compares the same work with the same number of callers', () => {
    expect(report).toContain('- read, GraphQL, 1 callers: 0.25 x\n- execution, typed mutation, 16 callers: 0.90 x');
    expect(report).not.toContain('16 callers: 0.25');
  });

  it('marks what others have disturbed', () => {
    expect(report).toMatch(/execution, REST +\| +16 \| 1\.00 \| 3\.00 \| +100 \| 20 % !/);
  });
});

import type { Side, StreamFigures } from './measure-stream';
import { streamReport } from './stream-report';

const figures = (side: Side, callers: number, p50: number, background = 0): StreamFigures => ({
  side,
  callers,
  firstTokenMs: { p50, p95: 2 * p50, p99: 3 * p50 },
  wholeMs: { p50: 10 * p50, p95: 0, p99: 0 },
  calls: 100,
  background,
});

describe('streamReport', () => {
  const lines = streamReport([
    figures('model server', 1, 100),
    figures('platform', 1, 110),
    figures('model server', 16, 100),
    figures('platform', 16, 111, 0.5),
  ]).split('\n');

  it('holds what the platform adds against what it may add', () => {
    expect(lines.filter((line) => line.startsWith('- '))).toEqual([
      '- pass: 1 callers, at most 10 ms at the median; seen p50 10.0 ms, p99 30.0 ms',
      '- FAIL: 16 callers, at most 10 ms at the median; seen p50 11.0 ms, p99 33.0 ms',
    ]);
  });

  it('marks what others have disturbed', () => {
    const cells = lines.filter((line) => line.includes('platform')).map((line) => line.replaceAll(/\s+/g, ''));
    expect(cells).toContain('|platform|16|111|333|1110|100|50%!|');
  });
});

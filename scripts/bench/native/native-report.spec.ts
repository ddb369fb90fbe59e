import type { NativeFigures, Side } from './measure-native';
import { nativeReport } from './native-report';

const figures = (side: Side, callers: number, cpuMsPerCall: Record<string, number>, background = 0): NativeFigures => ({
  side,
  callers,
  requestsPerS: 100,
  cpuMsPerCall,
  calls: 500,
  background,
});

describe('nativeReport', () => {
  const lines = nativeReport([
    figures('FastAPI + acall', 16, { fastapi: 4 }),
    figures('platform, native', 16, { gateway: 0.5, execution: 0.5, postgres: 1 }),
    figures('platform, python', 16, { gateway: 0.5, 'worker-1': 3 }),
    figures('FastAPI + acall', 64, { fastapi: 4 }, 0.5),
    figures('platform, native', 64, { gateway: 1, execution: 1, postgres: 0.5 }),
  ]).split('\n');

  it('holds the CPU of all processes of a side against what is demanded, and tells what others have disturbed', () => {
    const demand = 'native at least 2 x the requests of a core of FastAPI';
    expect(lines.filter((line) => line.startsWith('- '))).toEqual([
      `- pass: 16 callers, ${demand}; seen 2.00 x with all servers, 4.00 x of gateway and execution alone; requests per second 1.00 x`,
      `- FAIL: 64 callers, ${demand}; seen 1.60 x with all servers, 2.00 x of gateway and execution alone; requests per second 1.00 x (disturbed by others)`,
    ]);
  });

  it('has a column for each process', () => {
    const cells = lines.filter((line) => line.includes('python, 16')).map((line) => line.replaceAll(/\s+/g, ''));
    expect(cells).toEqual(['|platform,python,16||0.50|||3.00|']);
  });
});

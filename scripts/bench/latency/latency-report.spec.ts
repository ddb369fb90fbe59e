import { latencyReport } from './latency-report';
import type { LatencyResult } from './measure-latency';
import { mediansOf, toMeasurement, type Measurement } from './measurement';
import { FULL_PLAN, QUICK_PLAN, SERIES, seriesOf, type SeriesName } from './plan';
import { lookupIn, verdictsOf } from './verdicts';

const figuresOf = (series: SeriesName, p50: number, requestsPerS: number, more: Partial<Measurement> = {}) => ({
  series,
  delayMs: 0,
  concurrency: 1,
  latencyMs: { p50, p95: 2 * p50, p99: 3 * p50 },
  requestsPerS,
  calls: 1_000,
  cpuMsPerCall: {},
  background: 0.02,
  ...more,
});

describe('toMeasurement', () => {
  it('divides by the calls of the window', () => {
    const result = { latenciesMs: [1, 2, 3, 4], elapsedMs: 2_000 };
    const use = { cpuMs: { worker: 10, nats: 2 }, background: 0.1 };
    expect(toMeasurement(SERIES.platform, { delayMs: 50, concurrency: 16 }, result, use)).toEqual({
      series: SERIES.platform,
      delayMs: 50,
      concurrency: 16,
      latencyMs: { p50: 2, p95: 4, p99: 4 },
      requestsPerS: 2,
      calls: 4,
      cpuMsPerCall: { worker: 2.5, nats: 0.5 },
      background: 0.1,
    });
  });
});

describe('mediansOf', () => {
  it('takes the median of each figure, series and cell for itself', () => {
    const runs = [5, 1, 9].map((p50, index) =>
      figuresOf(SERIES.platform, p50, 100 - p50, { cpuMsPerCall: index === 0 ? {} : { nats: p50 } }),
    );
    const other = figuresOf(SERIES.platform, 70, 7, { concurrency: 16 });
    expect(mediansOf([...runs, other])).toEqual([
      figuresOf(SERIES.platform, 5, 95, { cpuMsPerCall: { nats: 1 } }),
      { ...other, cpuMsPerCall: {} },
    ]);
  });
});

describe('verdictsOf', () => {
  const at = (delayMs: number, concurrency: number) => ({ delayMs, concurrency });
  const measured = [
    figuresOf(SERIES.paced, 2, 300),
    figuresOf(SERIES.platform, 8, 100),
    figuresOf(SERIES.fastapi, 30, 500, at(0, 16)),
    figuresOf(SERIES.platform, 30, 549, at(0, 16)),
    figuresOf(SERIES.fastapiUnknown, 30, 200, at(50, 64)),
    figuresOf(SERIES.platform, 30, 1, at(50, 64)),
    figuresOf(SERIES.platformUnknown, 30, 400, { ...at(50, 64), background: 0.16 }),
  ];

  it('holds the demands against what was measured, and leaves out what was not', () => {
    expect(verdictsOf(lookupIn(measured)).map(({ seen, isMet, isDisturbed }) => [seen, isMet, isDisturbed])).toEqual([
      ['6.00 ms', true, false],
      ['18.00 ms', false, false],
      ['1.10 x', false, false],
      ['2.00 x', true, true],
    ]);
  });
});

describe('seriesOf', () => {
  it.each([FULL_PLAN, QUICK_PLAN])('has in each cell what the verdicts compare', ({ cells }) => {
    for (const cell of cells) {
      expect(seriesOf(cell, 1)).toEqual(expect.arrayContaining([SERIES.fastapi, SERIES.platform]));
      expect(seriesOf(cell, 1).includes(SERIES.paced)).toBe(cell.concurrency === 1);
    }
    const measured = cells.flatMap((cell) => seriesOf(cell, 1).map((series) => figuresOf(series, 1, 1, cell)));
    expect(verdictsOf(lookupIn(measured))).toHaveLength(6);
  });
});

describe('latencyReport', () => {
  const result: LatencyResult = {
    plan: FULL_PLAN,
    measurements: [],
    medians: [
      figuresOf(SERIES.paced, 2, 300, { cpuMsPerCall: { bare: 1.5, nats: 0.25, model: 0.01 } }),
      figuresOf(SERIES.platform, 8, 100, {
        background: 0.2,
        cpuMsPerCall: { gateway: 1, 'worker-1': 2, bare: 0.5, load: 0.02 },
      }),
      figuresOf(SERIES.fastapi, 4, 200),
    ],
    timing: { totalMs: 5, queueMs: 1.5, workerMs: 3, lmMs: 0.75 },
    memoryMib: { gateway: 199.6 },
    executions: { answered: 1_000, lost: 0 },
    versions: { python: '3.11.1', dspy: '3.4.1' },
  };
  const lines = latencyReport(result).split('\n');
  const row = (...cells: string[]) => expect.stringMatching(new RegExp(cells.map((cell) => `\\| +${cell} +`).join('')));

  it('marks cells that others have disturbed', () => {
    expect(lines).toContainEqual(row('0 ms, 1', 'platform', '8.00', '16.0', '24.0', '100', '1000', '20 % !'));
    expect(lines).toContainEqual(row('0 ms, 1', 'bare DSPy, paced', '2.00', '4.00', '6.00', '300', '1000', '2 %'));
  });

  it('subtracts paced DSPy and divides by peers', () => {
    expect(lines).toContainEqual(row('0 ms', '6.00', '12.0', '18.0'));
    expect(lines).toContainEqual(row('0 ms, 1', '', '0.50'));
  });

  it('charges each side with its own processes only', () => {
    const cpu = lines.slice(lines.findIndex((line) => line.startsWith('## CPU')));
    expect(cpu.find((line) => line.includes('| platform'))?.replaceAll(/\s+/g, '')).toBe(
      '|0ms,1|platform||1.00|0.00|0.00|0.00|2.00|0.00|0.00|0.00|3.00|0.00|0.02|0.50|',
    );
    expect(cpu.find((line) => line.includes('| bare DSPy, paced'))?.replaceAll(/\s+/g, '')).toBe(
      '|0ms,1|bareDSPy,paced|1.50|||||||||1.50|0.01|0.00|0.25|',
    );
  });

  it('takes the time of one execution apart without a rest', () => {
    const parts = lines.slice(lines.findIndex((line) => line.startsWith('## Where')));
    const figures = parts.flatMap((line) => / (\d+\.\d\d) \|$/.exec(line)?.[1] ?? []).slice(0, 6);
    expect(figures).toEqual(['1.50', '2.25', '0.75', '0.50', '3.00', '8.00']);
  });
});

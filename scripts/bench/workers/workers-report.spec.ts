import { workersReport, workersVerdict } from './workers-report';

const step = (workers: number, medianPerS: number) => ({ workers, medianPerS, requestsPerS: [medianPerS] });

describe('the report of workers', () => {
  it.each([
    [34, '- pass: requests per second, 1 to 2 workers: at least 1.7 x; seen 1.70 x'],
    [30, '- FAIL: requests per second, 1 to 2 workers: at least 1.7 x; seen 1.50 x'],
  ])('judges %d after 20 requests per second', (second, verdict) => {
    expect(workersVerdict([step(1, 20), step(2, second)])).toBe(verdict);
  });

  it('says what the model would allow', () => {
    expect(workersReport([step(1, 19), step(2, 38)])).toMatch(/2 \| +38\.0 \| +40\.0/);
  });
});

import { RELATIVE_ERROR, SHORTEST_MS, valueOfBin } from './latency-bins';

const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);

describe('valueOfBin', () => {
  it.each([SHORTEST_MS, 0.5, 1, 7, 99.99, 1_000, 59_999, 600_000])('is at most 1 %% off for %d ms', (ms) => {
    const value = valueOfBin(Math.ceil(Math.log(ms) / Math.log(GAMMA)));
    expect(Math.abs(value - ms) / ms).toBeLessThanOrEqual(RELATIVE_ERROR + 1e-9);
  });

  it('fits the column, for the longest execution too', () => {
    expect(Math.ceil(Math.log(86_400_000) / Math.log(GAMMA))).toBeLessThan(32_767);
  });
});

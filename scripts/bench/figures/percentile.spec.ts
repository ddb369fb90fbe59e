import { difference, median, medianPercentiles, percentile, percentiles } from './percentile';

const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

describe('percentile', () => {
  it('takes the nearest rank, whatever the order of the values', () => {
    expect(percentiles(hundred)).toEqual({ p50: 50, p95: 95, p99: 99 });
    expect(hundred[0]).toBe(100);
  });

  it('compares numbers, not their texts', () => {
    expect(percentile([10, 9, 2], 50)).toBe(9);
  });

  it('never invents a value between two', () => {
    expect(percentile([1, 2], 50)).toBe(1);
    expect(percentile([1, 2], 51)).toBe(2);
  });

  it('answers the ends, and the only value for all', () => {
    expect(percentile(hundred, 0)).toBe(1);
    expect(percentile(hundred, 100)).toBe(100);
    expect(percentiles([7])).toEqual({ p50: 7, p95: 7, p99: 7 });
  });

  it('refuses to say anything of nothing', () => {
    expect(() => percentile([], 50)).toThrow('There is no percentile 50 of 0 values.');
  });
});

describe('median', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
    [[5], 5],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('is taken of each percentile, which may come from different measurements', () => {
    const all = [1, 2, 30].map((value) => ({ p50: value, p95: 40 - value, p99: 7 }));
    expect(medianPercentiles(all)).toEqual({ p50: 2, p95: 38, p99: 7 });
  });
});

describe('difference', () => {
  it('is taken of each percentile', () => {
    expect(difference({ p50: 5, p95: 9, p99: 20 }, { p50: 2, p95: 3, p99: 25 })).toEqual({ p50: 3, p95: 6, p99: -5 });
  });
});

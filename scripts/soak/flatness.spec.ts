import { type Series, theilSenSlope, trendOf } from './flatness';

const series = (values: number[], amount = 5, share = 0.1): Series => ({
  name: 'memory',
  unit: 'MiB',
  values,
  tolerance: { amount, share },
});
const times = Array.from({ length: 90 }, (_, index) => index);

describe('theilSenSlope', () => {
  it('is the slope of a line, and hardly that of a few peaks on it', () => {
    const line = times.map((time) => 3 + 0.5 * time);
    expect(theilSenSlope(line)).toBeCloseTo(0.5);
    expect(theilSenSlope(line.map((value, time) => (time % 10 === 0 ? value + 1_000 : value)))).toBeCloseTo(0.5);
  });

  it('is about none for the saw-teeth of a process that is started again and again', () => {
    const teeth = times.map((time) => 100 + (time % 12));
    expect(Math.abs(theilSenSlope(teeth))).toBeLessThan(0.03);
  });

  it('has no value for less than two values', () => {
    expect(() => theilSenSlope([1])).toThrow(RangeError);
  });
});

describe('trendOf', () => {
  it('finds a slow leak under noise', () => {
    const leaking = times.map((time) => 200 + 0.5 * time + 8 * Math.sin(time));
    expect(trendOf(series(leaking)).isFlat).toBe(false);
    expect(trendOf(series(leaking)).drift).toBeCloseTo(44.5, -1);
  });

  it('takes noise, and what falls, for flat', () => {
    expect(trendOf(series(times.map((time) => 200 + 8 * Math.sin(time)))).isFlat).toBe(true);
    expect(trendOf(series(times.map((time) => 300 - time))).isFlat).toBe(true);
  });

  it('allows an amount or a share of the median, whichever is more', () => {
    expect(trendOf(series([10, 10, 10], 5)).allowed).toBe(5);
    expect(trendOf(series([100, 100, 100], 5)).allowed).toBe(10);
  });

  it('tells the median and the highest value', () => {
    expect(trendOf(series([1, 9, 2, 4]))).toMatchObject({ median: 3, highest: 9 });
  });
});

import { RecentTimes, REMEMBERED_MS, TIMES_MIN } from './recent-times';

function taking(...times: number[]): RecentTimes {
  const recent = new RecentTimes();
  for (const ms of times) recent.add(ms, 0);
  return recent;
}
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('RecentTimes', () => {
  it('is the nearest rank of what was taken, in whatever order', () => {
    expect(taking(...upTo(100)).p95Ms(0)).toBe(95);
    expect(taking(...upTo(20).reverse()).p95Ms(0)).toBe(19);
  });

  it('is not known of a few, nor of what is long ago', () => {
    expect(taking(...upTo(TIMES_MIN - 1)).p95Ms(0)).toBeUndefined();
    expect(taking(...upTo(TIMES_MIN)).p95Ms(REMEMBERED_MS - 1)).toBe(19);
    expect(taking(...upTo(TIMES_MIN)).p95Ms(REMEMBERED_MS)).toBeUndefined();
  });

  it('is of the last ones', () => {
    expect(taking(...upTo(400)).p95Ms(0)).toBe(390);
  });
});

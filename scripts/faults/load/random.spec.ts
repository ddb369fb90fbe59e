import { Random } from './random';

const draws = (seed: number): number[] => {
  const random = new Random(seed);
  return Array.from({ length: 1_000 }, () => random.next());
};

describe('Random', () => {
  it('gives the same numbers for the same seed and others for another', () => {
    expect(draws(1)).toEqual(draws(1));
    expect(draws(1)).not.toEqual(draws(2));
  });

  it('spreads over its whole range', () => {
    const tenths = new Set(draws(7).map((value) => Math.floor(value * 10)));
    expect([...tenths].toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('picks each of several, and refuses to pick from none', () => {
    const random = new Random(3);
    expect(new Set(Array.from({ length: 100 }, () => random.pick(['a', 'b', 'c']))).size).toBe(3);
    expect(() => random.pick([])).toThrow(RangeError);
  });
});

import { trendOf } from './memory-series';

const rising = (from: number, to: number, samples = 100): number[] =>
  Array.from({ length: samples }, (_, index) => from + ((to - from) * index) / (samples - 1));

describe('trendOf', () => {
  it('calls flat what swings, and what warms up at first', () => {
    expect(
      trendOf('gateway', [...rising(50, 200, 25), ...Array.from({ length: 75 }, (_, index) => 200 + (index % 5))]),
    ).toMatchObject({
      highest: 204,
      isFlat: true,
    });
  });

  it('sees what grows to the end', () => {
    expect(trendOf('worker', rising(100, 500)).isFlat).toBe(false);
  });
});

import { roomIn, shareOf } from './batch-window';

describe('shareOf', () => {
  it('is twice the slots, divided by the batches', () => {
    expect(shareOf(128, 1)).toBe(256);
    expect(shareOf(128, 4)).toBe(64);
  });

  it('has a floor without a fleet, a ceiling with a large one, and one for each of many', () => {
    expect(shareOf(0, 1)).toBe(32);
    expect(shareOf(10_000, 1)).toBe(2_000);
    expect(shareOf(0, 1_000)).toBe(1);
    expect(shareOf(16, 0)).toBe(32);
  });
});

describe('roomIn', () => {
  const unlimited = { maxConcurrency: null };

  it('waits until a quarter is free, and then takes all of it', () => {
    expect(roomIn(100, 0, unlimited)).toBe(100);
    expect(roomIn(100, 76, unlimited)).toBe(0);
    expect(roomIn(100, 75, unlimited)).toBe(25);
    expect(roomIn(1, 0, unlimited)).toBe(1);
    expect(roomIn(1, 1, unlimited)).toBe(0);
  });

  it('stays within what a program allows', () => {
    expect(roomIn(100, 0, { maxConcurrency: 2 })).toBe(2);
    expect(roomIn(100, 2, { maxConcurrency: 2 })).toBe(0);
    expect(roomIn(100, 150, unlimited)).toBe(0);
  });

  it('gives a model no more than it answers at once', () => {
    expect(roomIn(100, 0, { maxConcurrency: null, parallelCalls: 4 })).toBe(4);
    expect(roomIn(100, 3, { maxConcurrency: null, parallelCalls: 4 })).toBe(1);
    expect(roomIn(100, 0, { maxConcurrency: 2, parallelCalls: 4 })).toBe(2);
    expect(roomIn(3, 0, { maxConcurrency: null, parallelCalls: 4 })).toBe(3);
  });
});

import { waitUntil } from './wait-until';

describe('waitUntil', () => {
  it('asks until the condition is met; an error counts as not met', async () => {
    let asked = 0;
    const condition = () => {
      asked += 1;
      if (asked === 1) throw new Error('refused');
      return asked === 3;
    };
    expect(await waitUntil(condition, { timeoutMs: 5_000, intervalMs: 1 })).toBe(true);
    expect(asked).toBe(3);
  });

  it('asks at least once and gives up at the deadline', async () => {
    let asked = 0;
    expect(await waitUntil(() => ((asked += 1), false), { timeoutMs: 0 })).toBe(false);
    expect(asked).toBe(1);
  });
});

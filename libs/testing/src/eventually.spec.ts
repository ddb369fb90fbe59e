import { eventually } from './eventually';

describe('eventually', () => {
  it('gives what the probe gives once it stops throwing', async () => {
    let calls = 0;
    const value = await eventually(() => {
      calls += 1;
      if (calls < 3) throw new Error('not yet');
      return `after ${calls}`;
    });
    expect(value).toBe('after 3');
  });

  it('waits for probes that answer later', async () => {
    await expect(eventually(() => Promise.resolve(7))).resolves.toBe(7);
  });

  it('says in the end what the probe said last', async () => {
    const cause = new Error('still 2 rows');
    const outcome = eventually(() => Promise.reject(cause), { timeoutMs: 30 });
    await expect(outcome).rejects.toMatchObject({ message: 'Not so within 30 ms: still 2 rows', cause });
  });
});

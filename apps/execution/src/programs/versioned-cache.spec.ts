import { VersionedCache } from './versioned-cache';

describe('VersionedCache', () => {
  it('asks once for what is asked at once', async () => {
    const cache = new VersionedCache<number>(10);
    let loads = 0;
    const load = async (): Promise<number> => ++loads;
    expect(await Promise.all([cache.get('a', load), cache.get('a', load)])).toEqual([1, 1]);
    expect(await cache.get('a', load)).toBe(1);
  });

  it('does not keep a failure', async () => {
    const cache = new VersionedCache<number>(10);
    await expect(cache.get('a', () => Promise.reject(new Error('down')))).rejects.toThrow('down');
    expect(await cache.get('a', async () => 2)).toBe(2);
  });

  it('forgets by prefix, and no other tenant', async () => {
    const cache = new VersionedCache<number>(10);
    await cache.get('a/x', async () => 1);
    await cache.get('b/x', async () => 1);
    cache.forget('a/');
    expect(await cache.get('a/x', async () => 2)).toBe(2);
    expect(await cache.get('b/x', async () => 2)).toBe(1);
  });

  it('does not keep an answer that was under way when it was told to forget', async () => {
    const cache = new VersionedCache<number>(10);
    let answer = (_value: number): void => undefined;
    const stale = cache.get('a/x', () => new Promise<number>((resolve) => (answer = resolve)));
    cache.forget('a/');
    answer(1);
    expect(await stale).toBe(1);
    expect(await cache.get('a/x', async () => 2)).toBe(2);
  });

  it('stays within its size, dropping the oldest', async () => {
    const cache = new VersionedCache<number>(2);
    for (const key of ['a', 'b', 'c']) await cache.get(key, async () => 1);
    expect(await cache.get('c', async () => 2)).toBe(1);
    expect(await cache.get('a', async () => 2)).toBe(2);
  });
});

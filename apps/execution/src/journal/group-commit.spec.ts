import { setImmediate as nextTurn } from 'node:timers/promises';
import { GroupCommit } from './group-commit';

interface Gate {
  promise: Promise<void>;
  open: () => void;
}

function gate(): Gate {
  let open = (): void => undefined;
  const promise = new Promise<void>((resolve) => (open = resolve));
  return { promise, open };
}

describe('GroupCommit', () => {
  it('writes together what arrives together', async () => {
    const batches: number[][] = [];
    const commit = new GroupCommit<number, number>(async (items) => {
      batches.push(items);
      return items.map((item) => item * 2);
    }, 10);
    expect(await Promise.all([1, 2, 3].map((item) => commit.add(item)))).toEqual([2, 4, 6]);
    expect(batches).toEqual([[1, 2, 3]]);
  });

  it('collects what arrives during a write into the next one', async () => {
    const first = gate();
    const batches: number[][] = [];
    const commit = new GroupCommit<number, number>(async (items) => {
      batches.push(items);
      if (batches.length === 1) await first.promise;
      return items;
    }, 10);
    const early = commit.add(1);
    await nextTurn();
    const late = [commit.add(2), commit.add(3)];
    first.open();
    await Promise.all([early, ...late]);
    expect(batches).toEqual([[1], [2, 3]]);
  });

  it('never writes more than a batch at once', async () => {
    const sizes: number[] = [];
    const commit = new GroupCommit<number, number>(async (items) => {
      sizes.push(items.length);
      return items;
    }, 4);
    await Promise.all(Array.from({ length: 10 }, (_, index) => commit.add(index)));
    expect(sizes).toEqual([4, 4, 2]);
  });

  it('lets one bad item fail alone', async () => {
    const commit = new GroupCommit<number, number>(async (items) => {
      if (items.includes(2)) throw new Error('two is bad');
      return items;
    }, 10);
    const results = await Promise.allSettled([1, 2, 3].map((item) => commit.add(item)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('goes on after a failure', async () => {
    let broken = true;
    const commit = new GroupCommit<number, number>(async (items) => {
      if (broken) throw new Error('down');
      return items;
    }, 10);
    await expect(commit.add(1)).rejects.toThrow('down');
    broken = false;
    await expect(commit.add(2)).resolves.toBe(2);
  });
});

import { readFileSync } from 'node:fs';
import { parseMachineStat, parseMemory, parseProcessStat, treeMemoryMib, treeOf, treeTicks } from './proc-stat';

describe('parseProcessStat', () => {
  it('reads a process whose name looks like more fields', () => {
    const line = '42 (a) b (c)) S 7 42 42 0 -1 4194560 1 2 3 4 100 20 30 4 20 0 1 0 555 1 1';
    expect(parseProcessStat(line)).toEqual({ pid: 42, parent: 7, ownTicks: 120, reapedTicks: 34 });
  });

  it('reads this process as the kernel writes it', () => {
    const stat = parseProcessStat(readFileSync('/proc/self/stat', 'utf8'));
    expect(stat.pid).toBe(process.pid);
    expect(stat.parent).toBe(process.ppid);
    expect(stat.ownTicks).toBeGreaterThan(0);
  });

  it('refuses what is no process', () => {
    expect(() => parseProcessStat('nothing')).toThrow('No line of a process: nothing');
  });
});

describe('parseMachineStat', () => {
  it('counts what processes used and what the host took as busy, not interrupts', () => {
    const text = 'cpu  100 10 50 800 20 3 7 5 99 0\ncpu0 50 5 25 400 10 1 3 2 0 0\nintr 1\n';
    expect(parseMachineStat(text)).toEqual({ busyTicks: 165, totalTicks: 995 });
  });
});

describe('a tree of processes', () => {
  const process = (pid: number, parent: number, ownTicks: number, reapedTicks = 0) => ({
    pid,
    parent,
    ownTicks,
    reapedTicks,
  });
  const all = [process(5, 3, 1), process(1, 0, 1_000), process(3, 2, 10, 2), process(2, 1, 100), process(4, 1, 50)];

  it('has all descendants and nobody else', () => {
    expect(treeOf(2, all).map(({ pid }) => pid)).toEqual([2, 3, 5]);
    expect(treeOf(9, all)).toEqual([]);
  });

  it('keeps the time of a child that ended', () => {
    const [before, after] = [all, [process(3, 2, 10, 3), process(2, 1, 100)]];
    expect(treeTicks(treeOf(2, after))).toBe(treeTicks(treeOf(2, before)));
  });

  it('counts memory that its processes share once', () => {
    const status = (anon: number) =>
      `Name:\tpostgres\nVmRSS:\t 9 kB\nRssAnon:\t  ${anon} kB\nRssFile:\t 1024 kB\nRssShmem:\t 4096 kB\n`;
    expect(treeMemoryMib([2048, 1024].map((anon) => parseMemory(status(anon))))).toBe(8);
    expect(treeMemoryMib([parseMemory('Name:\tkthreadd\n')])).toBe(0);
  });
});

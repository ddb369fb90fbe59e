import { shareOut } from './share-out';

const filesOf = (folder: string, count: number): string[] =>
  Array.from({ length: count }, (_, n) => `${folder}/${n}.spec.ts`);

describe('sharing test files out', () => {
  it('keeps every file once, and those of a service among themselves', () => {
    const files = [
      ...filesOf('libs/client', 4),
      ...filesOf('apps/registry/test', 3),
      ...filesOf('scripts', 2),
      ...filesOf('apps/cli', 9),
    ];
    const groups = shareOut(files, 6);
    expect(groups.flat().toSorted()).toEqual(files.toSorted());
    expect(groups.map((group) => group.length)).toEqual([3, 3, 3, 3, 3, 3]);
    expect(
      groups.map((group) => new Set(group.map((file) => file.startsWith('apps/') && file.split('/')[1])).size),
    ).toEqual(Array(6).fill(1));
  });

  it('refuses more owners than groups, and more groups than files', () => {
    expect(() => shareOut([...filesOf('apps/a', 2), ...filesOf('apps/b', 2)], 1)).toThrow('4 files of 2 owners');
    expect(() => shareOut(filesOf('libs', 2), 3)).toThrow('over 3 groups');
  });
});

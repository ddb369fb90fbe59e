/**
 * Shares test files out over `count` groups. Those of one service stay among themselves, as the classes of a graph are kept by name
 * for all that a group loads; neighbours load much the same.
 * @throws RangeError when there are fewer groups than owners of files, or fewer files than groups.
 */
export function shareOut(files: string[], count: number): string[][] {
  const owned = Object.values(Object.groupBy(files.toSorted(), ownerOf)).map((own = []) => ({ own, groups: 1 }));
  if (owned.length > count || files.length < count) {
    throw new RangeError(`${files.length} files of ${owned.length} owners cannot be shared out over ${count} groups.`);
  }
  for (let spare = count - owned.length; spare > 0; spare -= 1) {
    owned.reduce((most, each) =>
      each.own.length / each.groups > most.own.length / most.groups ? each : most,
    ).groups += 1;
  }
  return owned.flatMap(({ own, groups }) => pieces(own, groups));
}

function ownerOf(file: string): string {
  return /^apps\/[^/]+/.exec(file)?.[0] ?? 'libs';
}

function pieces(files: string[], count: number): string[][] {
  const from = (piece: number): number => Math.round((piece * files.length) / count);
  return Array.from({ length: count }, (_, piece) => files.slice(from(piece), from(piece + 1)));
}

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A hash of the contents of files (paths from `root`, absent ones count as such) and of other facts. */
export function fingerprint(root, files, facts = []) {
  const hash = createHash('sha256');
  for (const fact of facts) hash.update(`${fact}\0`);
  for (const file of files) {
    const path = join(root, file);
    hash
      .update(`${file}\0`)
      .update(existsSync(path) ? readFileSync(path) : 'absent')
      .update('\0');
  }
  return hash.digest('hex');
}

/** All files below the folders that `keep` accepts, in a stable order, as paths from `root`. */
export function filesBelow(root, folders, keep) {
  const below = (folder) =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : below(path);
      return keep(path) ? [path] : [];
    });
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap(below)
    .sort();
}

/** Whether the work that `file` stamps was finished for this fingerprint. */
export function isStamped(file, wanted) {
  return existsSync(file) && readFileSync(file, 'utf8') === wanted;
}

/** Does the work unless it is stamped; an interrupted work has no stamp and is done again. Tells whether it was done. */
export async function doOnce(file, wanted, work) {
  if (isStamped(file, wanted)) return false;
  rmSync(file, { force: true });
  await work();
  writeFileSync(`${file}.new`, wanted);
  renameSync(`${file}.new`, file);
  return true;
}

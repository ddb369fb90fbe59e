import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { CommandError, exitCodes } from '../../command.errors';

/** How a file is read. */
export type Language = 'typescript' | 'python' | 'json';

/** A file that may hold definitions; one that was named, not found, is expected to. */
export interface CandidateFile {
  readonly path: string;
  readonly language: Language;
  readonly isNamed: boolean;
}

const LANGUAGES: Readonly<Record<string, Language>> = {
  ...Object.fromEntries(['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'].map((end) => [end, 'typescript'])),
  '.py': 'python',
  '.json': 'json',
}; // prettier-ignore
const NOT_ENTERED = new Set(['node_modules', 'dist', 'build', 'coverage', '__pycache__']);
// The root of any virtual environment of Python, whatever it is called.
const VIRTUAL_ENVIRONMENT = 'pyvenv.cfg';
const MAX_FILES = 20_000;

/** How a file of this name is read; undefined for what cannot hold definitions. */
export function languageOf(path: string): Language | undefined {
  return LANGUAGES[extname(path)];
}

/**
 * The files that were named, and those in the folders that were named, in the order of their paths. Folders are not entered
 * that begin with a dot or hold what others wrote or programs made; links are not followed. Throws CommandError.
 */
export async function findFiles(paths: readonly string[], maxFiles = MAX_FILES): Promise<CandidateFile[]> {
  const files = new Map<string, CandidateFile>();
  for (const given of paths) {
    const path = join(given);
    const isFolder = await isDirectory(path);
    if (!isFolder) files.set(path, namedFile(path));
    else await addFolder(files, path, maxFiles);
  }
  return [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new CommandError(exitCodes.usage, `${path} cannot be looked at (${code}): name files and folders that exist.`, { cause }); // prettier-ignore
  }
}

function namedFile(path: string): CandidateFile {
  const language = languageOf(path);
  if (language !== undefined) return { path, language, isNamed: true };
  const known = Object.keys(LANGUAGES).join(', ');
  throw new CommandError(exitCodes.usage, `${path} is not of a kind that can hold definitions: name ${known} files.`);
}

async function addFolder(files: Map<string, CandidateFile>, root: string, maxFiles: number): Promise<void> {
  const pending = [root];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const entries = await entriesOf(folder);
    if (entries.some(({ name }) => name === VIRTUAL_ENVIRONMENT)) continue;
    for (const entry of entries) {
      const path = join(folder, entry.name);
      const language = languageOf(entry.name);
      if (entry.isDirectory() && isEntered(entry.name)) pending.push(path);
      if (entry.isFile() && language !== undefined && !files.has(path))
        files.set(path, { path, language, isNamed: false });
    }
    if (files.size > maxFiles) throw tooMany(root, maxFiles);
  }
}

function isEntered(name: string): boolean {
  return !name.startsWith('.') && !NOT_ENTERED.has(name);
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new CommandError(exitCodes.failed, `The folder ${folder} cannot be read (${code}).`, { cause });
  }
}

function tooMany(root: string, maxFiles: number): CommandError {
  const message = `${root} holds more than ${maxFiles.toLocaleString('en')} files to look at: name smaller folders.`;
  return new CommandError(exitCodes.usage, message);
}

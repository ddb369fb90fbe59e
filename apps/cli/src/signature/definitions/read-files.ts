import { readFile, stat } from 'node:fs/promises';
import type { FileContents, FileProblem } from './file-contents';
import type { CandidateFile, Language } from './find-files';
import { readJson } from './json-definitions';
import { readPythonFiles } from './python-definitions';
import type { TypeScript } from './typescript';
import { readTypeScript } from './typescript-definitions';

/** A file that was read: what it says, and the definitions in it. */
export interface ReadFile extends FileContents {
  readonly path: string;
  readonly text: string;
}

/** What came of a list of files. */
export interface Reading {
  /** Those that may hold a definition, in the order of their paths. */
  readonly files: readonly ReadFile[];
  /** Those that were found, not named, and are too large to be looked at. */
  readonly skipped: readonly string[];
}

const MAX_BYTES = 1_048_576;

// What a file must hold to hold a definition. Most files do not, and are spared the parser.
const MARKS: Readonly<Record<Language, readonly string[]>> = {
  typescript: ['@dspy-nest/signature'],
  python: ['dspy'],
  json: ['"signature"', '"definition"'],
};

const ELSEWHERE = 'Put the definitions into a file of their own.';
const TOO_LARGE: FileProblem = { code: 'too_large', message: 'The file has more than 1 MiB.', hint: ELSEWHERE };
const TOO_DEEP: FileProblem = { code: 'too_deep', message: 'The file is nested too deeply.', hint: ELSEWHERE };
const NOT_UTF8: FileProblem = { code: 'not_utf8', message: 'The file is not UTF-8 text.', hint: 'Save it as UTF-8.' };

/** Reads all definitions of files. None of them is run, and what cannot be read is told in its place. */
export async function readFiles(candidates: readonly CandidateFile[]): Promise<Reading> {
  const skipped: string[] = [];
  const files: ReadFile[] = [];
  const texts: Record<Language, TextFile[]> = { typescript: [], python: [], json: [] };
  for (const candidate of candidates) {
    const { path, language, isNamed } = candidate;
    const text = await readText(candidate);
    if (text === TOO_LARGE && !isNamed) skipped.push(path);
    else if (typeof text === 'object') files.push({ path, text: '', definitions: [], problem: text });
    else if (text !== '') texts[language].push({ path, text });
  }
  files.push(...(await readParsed(texts.typescript, readTypeScript)), ...(await readParsed(texts.json, readJson)));
  files.push(...(await readPython(texts.python)));
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), skipped };
}

interface TextFile {
  readonly path: string;
  readonly text: string;
}

// Nothing for a file that holds no definition.
async function readText({ path, language }: CandidateFile): Promise<string | FileProblem> {
  try {
    if ((await stat(path)).size > MAX_BYTES) return TOO_LARGE;
    const bytes = await readFile(path);
    if (!MARKS[language].some((mark) => bytes.includes(mark))) return '';
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? NOT_UTF8 : unreadable(code);
  }
}

function unreadable(code = 'unknown'): FileProblem {
  const hint = 'Give yourself the right to read it, or name the files to check.';
  return { code: 'unreadable', message: `The file cannot be read (${code}).`, hint };
}

type Parse = (ts: TypeScript, path: string, text: string) => FileContents;

async function readParsed(files: readonly TextFile[], parse: Parse): Promise<ReadFile[]> {
  if (files.length === 0) return [];
  // It takes longer to load than most folders to check.
  const { default: ts } = await import('typescript');
  return files.map((file) => ({ ...file, ...unlessTooDeep(() => parse(ts, file.path, file.text)) }));
}

function unlessTooDeep(parse: () => FileContents): FileContents {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RangeError) return { definitions: [], problem: TOO_DEEP };
    throw error;
  }
}

async function readPython(files: readonly TextFile[]): Promise<ReadFile[]> {
  const contents = await readPythonFiles(files.map(({ path }) => path));
  return files.map((file, index) => ({ ...file, definitions: [], ...contents[index] }));
}

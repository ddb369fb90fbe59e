import { stripTypeScriptTypes } from 'node:module';

/** A source file: its path from the root of the repository, with `/`, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** One thing that a file must not be or say. */
export interface NameFault {
  readonly path: string;
  readonly rule: string;
  readonly message: string;
}

const MAX_LINES = 400;
const MAX_DEPTH = 3;
const LINES_PER_ANY = 1_000;

const GENERATED = /^python-worker\/src\/dspy_worker\/contracts\//;
const TEST =
  /\.(spec|int-spec|e2e-spec|test-d|unit-group|int-group)\.ts$|^(apps|libs)\/[^/]+\/test\/|^python-worker\/tests\//;
const KEBAB_FILE = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
const DRAWERS =
  /(^|[/.-])(utils?|helpers?|commons?|miscs?|shared|base)\.[a-z]+$|\/(utils?|helpers?|commons?|misc|dtos|enums|interfaces|types)\//;
const LIB_DOOR = /^libs\/[^/]+\/src\/index\.ts$/;
// A test may spell a subject: it then says what other programs see on the wire.
const SUBJECT = /['"`]dspy\.(cmd|qry|req|job|stream|evt)\./;
// Node runs these as they are, and only takes types away.
const RUN_WITHOUT_BUILD = /^(scripts|libs\/(signature|contracts|embedded|testing)\/src)\/.*(?<!\.spec)\.ts$/;
const ANY_TYPE = /[:<|&(,]\s*any\b(?!\s*[(:=])|\bas any\b|\bany\[\]/g;

/** All faults of a set of source files. */
export function findNameFaults(files: readonly SourceFile[]): NameFault[] {
  const handWritten = files.filter(({ path }) => !GENERATED.test(path));
  return [...handWritten.flatMap(faultsOf), ...anyBudgetFaults(handWritten)];
}

function faultsOf({ path, text }: SourceFile): NameFault[] {
  const fault = (rule: string, message: string): NameFault => ({ path, rule, message });
  const faults: NameFault[] = [];
  const lines = lineCount(text);
  const fileName = path.slice(path.lastIndexOf('/') + 1);
  const depth = /\/src\/(.+)\//.exec(path)?.[1]?.split('/').length ?? 0;

  if (lines > MAX_LINES) faults.push(fault('file-length', `${lines} lines, at most ${MAX_LINES}: split the subject.`));
  if (DRAWERS.test(path)) faults.push(fault('drawer', 'Name a file or folder after its subject, not after a drawer.'));
  if (path.endsWith('.ts') && !KEBAB_FILE.test(fileName))
    faults.push(fault('kebab-case', 'Write <subject>.<role>.ts in kebab-case.'));
  if (fileName === 'index.ts' && !LIB_DOOR.test(path))
    faults.push(fault('barrel', 'The only index.ts is the door of a library.'));
  if (depth > MAX_DEPTH) faults.push(fault('depth', `${depth} folders below src, at most ${MAX_DEPTH}.`));
  if (spellsSubject(path, text))
    faults.push(fault('subject', 'Subjects are built in libs/contracts/src/subjects.ts only.'));
  const left = RUN_WITHOUT_BUILD.test(path) ? moreThanTypes(text) : undefined;
  if (left !== undefined) faults.push(fault('erasable', `${left}: Node runs this file without a build.`));
  if (/\bforwardRef\b/.test(text))
    faults.push(fault('forward-ref', 'Invert the dependency with an event or a pure file.'));
  return path.startsWith('scripts/') ? faults.filter(({ rule }) => rule !== 'forward-ref') : faults;
}

/** What Node says of a text from which it cannot take the types away and have JavaScript. */
function moreThanTypes(text: string): string | undefined {
  try {
    stripTypeScriptTypes(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function spellsSubject(path: string, text: string): boolean {
  return !path.startsWith('libs/contracts/') && !TEST.test(path) && SUBJECT.test(text);
}

function anyBudgetFaults(files: readonly SourceFile[]): NameFault[] {
  const typed = files.filter(({ path }) => /^(apps|libs)\/.*\.ts$/.test(path));
  const lines = typed.reduce((sum, { text }) => sum + lineCount(text), 0);
  const uses = typed.flatMap(({ path, text }) => [...withoutComments(text).matchAll(ANY_TYPE)].map(() => path));
  const budget = Math.floor(lines / LINES_PER_ANY);
  if (uses.length <= budget) return [];
  const message = `${uses.length} uses of any, at most ${budget} for ${lines} lines: ${[...new Set(uses)].join(', ')}`;
  return [{ path: 'apps, libs', rule: 'any-budget', message }];
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}

function lineCount(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

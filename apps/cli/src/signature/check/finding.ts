import { checkSignature, renderSignatureError, type SignatureError } from '@dspy-nest/signature';
import { printable, type Paint } from '../../output';
import { spanInFile, type FoundDefinition, type Span } from '../definitions/definition';
import type { FileProblem } from '../definitions/file-contents';
import type { ReadFile } from '../definitions/read-files';

/** A place in a text: `offset` and `length` count UTF-16 units, `line` and `column` start at 1. */
export interface Place {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** One thing that is wrong, with its place in the file and, if it is about a definition, also in that. */
export interface Finding {
  readonly path: string;
  readonly code: SignatureError['code'] | FileProblem['code'];
  readonly message: string;
  readonly hint?: string;
  /** Absent when it is the file as a whole. */
  readonly place?: Place;
  readonly definition?: Place & { readonly text: string };
}

/** All that is wrong with a file and the definitions in it, in the order of the file. */
export function findingsIn(file: ReadFile): Finding[] {
  const problems = file.problem === undefined ? [] : [problemFinding(file, file.problem)];
  const findings = file.definitions.flatMap((definition) => definitionFindings(file, definition));
  return [...problems, ...findings].sort((a, b) => (a.place?.offset ?? 0) - (b.place?.offset ?? 0));
}

function problemFinding({ path, text }: ReadFile, { code, message, hint, offset }: FileProblem): Finding {
  const place = offset === undefined ? undefined : placeOf(text, { offset, length: 1 });
  return { path, code, message, hint, ...(place !== undefined && { place }) };
}

function definitionFindings({ path, text: fileText }: ReadFile, definition: FoundDefinition): Finding[] {
  const { text } = definition;
  return checkSignature(text).errors.map(({ code, message, hint, ...inDefinition }) => ({
    path,
    code,
    message,
    ...(hint !== undefined && { hint }),
    place: placeOf(fileText, spanInFile(definition, inDefinition)),
    definition: { text, ...inDefinition },
  }));
}

function placeOf(text: string, { offset, length }: Span): Place {
  const before = text.slice(0, offset);
  return { offset, line: before.split('\n').length, column: offset - before.lastIndexOf('\n'), length };
}

/** A finding as a person reads it: the place first, as editors know it, then the line of the file with a caret below. */
export function renderFinding(finding: Finding, fileText: string, paint: Paint): string {
  const { code, place } = finding;
  const path = printable(finding.path);
  const message = printable(finding.message);
  const at = place === undefined ? path : `${path}:${place.line}:${place.column}`;
  const head = `${paint('bold', at)}: ${paint('red', code)}: ${message}`;
  const hint = finding.hint === undefined ? undefined : printable(finding.hint);
  if (place === undefined) return hint === undefined ? head : `${head}\n  ${hint}`;
  const rendered = renderSignatureError(fileText, { ...place, message, hint });
  return `${head}${rendered.slice(message.length).replace(/^ +\^+$/m, (caret) => paint('red', caret))}`;
}

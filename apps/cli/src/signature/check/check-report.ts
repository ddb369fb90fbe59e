import type { Paint } from '../../output';
import type { ReadFile } from '../definitions/read-files';
import { findingsIn, renderFinding, type Finding } from './finding';

/** A file with all that is wrong in it. */
export interface JudgedFile {
  readonly file: ReadFile;
  readonly findings: readonly Finding[];
}

/** What a check found. This is the form of `--json`: members may be added, none is taken away. */
export interface CheckReport {
  readonly valid: boolean;
  /** How many files were looked at, and how many definitions there were. */
  readonly files: number;
  readonly definitions: number;
  readonly errors: readonly Finding[];
  /** Files that were too large to be looked at. */
  readonly skipped: readonly string[];
}

/** Judges all definitions in files. */
export function judge(files: readonly ReadFile[]): JudgedFile[] {
  return files.map((file) => ({ file, findings: findingsIn(file) }));
}

/** Sums up what was found in how many files. */
export function makeReport(judged: readonly JudgedFile[], files: number, skipped: readonly string[]): CheckReport {
  const errors = judged.flatMap(({ findings }) => findings);
  const definitions = judged.reduce((sum, { file }) => sum + file.definitions.length, 0);
  return { valid: errors.length === 0, files, definitions, errors, skipped };
}

/** A report as a person reads it. */
export function renderReport(report: CheckReport, judged: readonly JudgedFile[], paint: Paint): string {
  const skipped = report.skipped.map((path) => `${path}: not checked, since it has more than 1 MiB.\n`);
  return `${renderErrors(judged, paint)}${skipped.join('')}${renderSummary(report)}\n`;
}

/** All that is wrong, one after the other, with an empty line after each. */
export function renderErrors(judged: readonly JudgedFile[], paint: Paint): string {
  return judged
    .flatMap(({ file, findings }) => findings.map((finding) => `${renderFinding(finding, file.text, paint)}\n\n`))
    .join('');
}

function renderSummary({ errors, definitions, files }: CheckReport): string {
  const where = files === 0 ? '' : ` in ${count(files, 'file')}`;
  return `${count(definitions, 'definition')}${where}: ${errors.length === 0 ? 'no error' : count(errors.length, 'error')}.`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

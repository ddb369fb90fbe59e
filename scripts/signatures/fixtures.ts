import { readFileSync } from 'node:fs';
import { dspyReadings, type DspyRow } from './dspy-readings';
import { hashedSpecs } from './hashed-specs';
import { numberTexts } from './number-texts';

/** Where the fixtures of the signature language are. */
export const FIXTURES = 'libs/signature/fixtures';

const toLines = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/** The rows of a fixture that holds one JSON value a line. */
export function readRows(name: string): unknown[] {
  const lines = readFileSync(`${FIXTURES}/${name}`, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as unknown);
}

/** The fixtures that the language itself makes, by their names: Python must agree with each row. */
export function madeFixtures(): Map<string, string> {
  const rows = ['dspy-signatures.jsonl', 'dspy-more-signatures.jsonl'].flatMap(readRows) as DspyRow[];
  return new Map([
    ['hashed-specs.jsonl', toLines(hashedSpecs())],
    ['number-texts.jsonl', toLines(numberTexts())],
    ['dspy-readings.jsonl', toLines(dspyReadings(rows))],
  ]);
}

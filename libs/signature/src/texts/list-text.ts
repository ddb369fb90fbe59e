import { maxMendedCharacters } from './json-text';
import { isLongerThan, strip } from './text-marks';

const lineEnd = /\r\n|\r|\n/;
const markedLine = /^([ \t]*)([-*•+–]|[0-9]{1,3}[.)])[ \t]+(.*)$/s;
const stepMark = /^(?:[-*•+–]|[0-9]{1,3}[.)])[ \t]+/;

/** Reads a text each line of which has the same kind of bullet or a number, at the same place, as a list. */
export function readLines(text: string): string[] | undefined {
  if (isLongerThan(text, maxMendedCharacters)) return undefined;
  const lines = text.split(lineEnd).filter((line) => strip(line) !== '');
  const kinds = new Set<string>();
  const items: string[] = [];
  for (const line of lines) {
    const [, indent = '', mark = '', rest = ''] = markedLine.exec(line) ?? [];
    const item = strip(rest);
    if (item === '') return undefined;
    kinds.add(indent + mark.replace(/[0-9]+/, '1'));
    items.push(item);
  }
  return kinds.size === 1 ? items : undefined;
}

/** Splits free reasoning into its steps: one a line, without bullets and numbers. */
export function readSteps(text: string): string[] {
  const lines = text.split(lineEnd).map((line) => strip(strip(line).replace(stepMark, '')));
  return lines.filter((step) => step !== '');
}

// One word, which is no word for nothing: more words may be several items.
const singleWord = /^[^\s,;|/&]+$/;
const nothing = /^(?:null|none)$/i;

/** Whether a text that could be anything is one item of a list, and surely not several. */
export const isSingleItem = (text: string): boolean => singleWord.test(text) && !nothing.test(text);

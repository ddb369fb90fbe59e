import { text } from 'node:stream/consumers';
import { wholeText } from './definition';
import type { ReadFile } from './read-files';

/** What stands for a text on stdin in place of a path. */
export const STDIN = '-';

/** A definition that was given on the command line. */
export function givenText(definition: string, path = '<definition>'): ReadFile {
  return { path, text: definition, definitions: [wholeText(definition)] };
}

/** The definition that stdin is, without the end of its last line. */
export async function readStdin(): Promise<ReadFile> {
  return givenText((await text(process.stdin)).replace(/\r?\n$/, ''), '<stdin>');
}

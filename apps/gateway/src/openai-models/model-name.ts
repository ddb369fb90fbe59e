import { ImpossibleNameError } from '../input/path-names';

const MODEL_NAME = /^([a-z][a-z0-9-]{0,62})(?:@([1-9]\d{0,8}))?$/;

/** A program as a model of the OpenAI route: `qa` in its published version, `qa@3` in that one. */
export interface ModelName {
  readonly program: string;
  readonly version?: number;
}

/** Reads the name of a model; throws the error of a program that does not exist. */
export function readModelName(text: string): ModelName {
  const [, program, version] = MODEL_NAME.exec(text) ?? [];
  if (program === undefined) {
    const message = `There is no model "${text.slice(0, 100)}". Models are programs: "qa", or "qa@3" for version 3.`;
    throw new ImpossibleNameError('program_not_found', message);
  }
  return version === undefined ? { program } : { program, version: Number(version) };
}

/** The name of a program in one version. */
export const versionedName = (program: string, version: number): string => `${program}@${version}`;

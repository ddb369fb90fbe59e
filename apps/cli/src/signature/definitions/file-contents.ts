import type { FoundDefinition } from './definition';

/** Why a file, or a part of it, could not be read; `offset` is where, if that is known. */
export interface FileProblem {
  readonly code:
    | 'invalid_json'
    | 'invalid_python'
    | 'not_utf8'
    | 'python_failed'
    | 'python_missing'
    | 'too_deep'
    | 'too_large'
    | 'unreadable';
  readonly message: string;
  readonly hint: string;
  readonly offset?: number;
}

/** What a file holds, in the order of the file. */
export interface FileContents {
  readonly definitions: readonly FoundDefinition[];
  readonly problem?: FileProblem;
}

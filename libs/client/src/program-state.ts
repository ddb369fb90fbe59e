import type { Values } from './execution';

/** What a program has learned: the JSON that DSPy's `program.save` writes and its `program.load` reads. */
export type ProgramState = Values;

/** The version that an import made, and what of the state was not kept, such as keys of models. */
export interface ImportedState {
  id: string;
  name: string;
  version: number;
  notes: { pointer: string; code: string; message: string }[];
}

/** How to import a state. */
export interface ImportStateOptions {
  /** Names what is asked for, so that asking again, also from another process, does it once. Made anew when absent. */
  idempotencyKey?: string;
  /** The `etag` of the program as it was read: when somebody has changed it since, nothing is done. */
  ifMatch?: string;
  signal?: AbortSignal;
}

/** Which state to export. */
export interface ExportStateOptions {
  /** A version of the program, instead of the published one. */
  version?: number;
  signal?: AbortSignal;
}

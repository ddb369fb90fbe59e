import type { Values } from './execution';

/** What an example is for. */
export type Split = 'train' | 'validation' | 'test';

/** A dataset in one of its versions, without its examples. */
export interface Dataset {
  id: string;
  name: string;
  version: number;
  description: string | null;
  signature: string;
  signatureVersion: number;
  /** The names of what an example has. */
  fields: { inputs: string[]; outputs: string[] };
  /** How examples that name no split are divided; what is left is train. */
  splits: {
    seed: number;
    validation: number;
    test: number;
    /** An output, of whose every value each split has its share. */
    stratifyBy?: string;
  };
  examples: { total: number; train: number; validation: number; test: number };
  /** The same for each value of the field that it is stratified by, where null is no value; null if by none. */
  strata: StratumCounts[] | null;
  /** Of the examples and their splits, whatever order they came in. */
  hash: string;
  createdAt: string;
  updatedAt: string;
}

/** How many examples with one value of a field a version has. */
export interface StratumCounts {
  value: string | number | boolean | null;
  total: number;
  train: number;
  validation: number;
  test: number;
}

/** One example. Its `id` is that of what it holds, the same in every version. */
export interface Example {
  id: string;
  number: number;
  addedIn: number;
  split: Split;
  inputs: Values;
  outputs: Values;
}

/** An example that is added; outputs that are not known are left out. */
export interface NewExample {
  inputs: Values;
  outputs?: Values;
  split?: Split;
}

/** What became of rows, and the dataset as it stands now. */
export interface AppendedExamples extends Dataset {
  report: {
    received: number;
    added: number;
    /** Examples that were there already, or twice among the rows. */
    duplicates: number;
    invalid: number;
    /** The first of what is wrong. */
    errors: {
      row: number;
      line?: number;
      column?: string;
      pointer: string;
      code: string;
      message: string;
      value?: string;
    }[];
  };
}

/** A dataset that is made. */
export interface NewDataset {
  name: string;
  signature: string;
  /** The newest unless given. */
  signatureVersion?: number;
  description?: string;
  splits?: Dataset['splits'];
}

/** How rows are added. */
export interface AddOptions {
  /** Whether one bad row refuses all, which it does unless said otherwise, or is left out and told. */
  onInvalid?: 'refuse' | 'skip';
  /** Only tells what would become of the rows. */
  dryRun?: boolean;
  /** Names what is asked for, so that asking again, also from another process, does it once. Made anew when absent. */
  idempotencyKey?: string;
  signal?: AbortSignal;
}

/** How a file is imported. */
export interface ImportOptions extends AddOptions {
  format: 'csv' | 'jsonl';
  /** The column of the file by the field that is read from it; without it columns have the names of fields. */
  columns?: Readonly<Record<string, string>>;
}

/** Which examples. */
export interface ExamplesQuery {
  /** The newest unless given. */
  version?: number;
  split?: Split;
  /** Leaves out examples up to this number. */
  after?: number;
  signal?: AbortSignal;
}

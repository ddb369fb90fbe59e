import { ROW_ERRORS_MAX, type ExampleCounts, type ExampleRowV1, type RowError } from '@dspy-nest/contracts';
import type { DatasetEntity } from './dataset.entity';
import { readExample, type ExampleContent, type ValueError } from './example-content';

/** Rows that were read: the examples among them, once each, and what is wrong with the others. */
export interface Intake {
  readonly examples: ExampleContent[];
  readonly duplicates: number;
  readonly invalid: number;
  /** The first of them. */
  readonly errors: RowError[];
}

/** Reads rows by the signature of a dataset. */
export function readRows(dataset: Pick<DatasetEntity, 'signature' | 'splits'>, rows: readonly ExampleRowV1[]): Intake {
  const examples = new Map<string, ExampleContent>();
  const errors: RowError[] = [];
  let [duplicates, invalid] = [0, 0];
  for (const [row, given] of rows.entries()) {
    const read =
      'error' in given
        ? [{ pointer: '', code: given.error.code, message: given.error.message }]
        : readExample(dataset, given);
    if (Array.isArray(read)) {
      invalid += 1;
      errors.push(...read.slice(0, ROW_ERRORS_MAX - errors.length).map((error) => placed(error, row, given.line)));
    } else if (examples.has(read.hash)) duplicates += 1;
    else examples.set(read.hash, read);
  }
  return { examples: [...examples.values()], duplicates, invalid, errors };
}

/** The counts of a version with more examples. */
export function addToCounts(counts: ExampleCounts, examples: readonly ExampleContent[]): ExampleCounts {
  const sum = { ...counts, total: counts.total + examples.length };
  for (const { split } of examples) sum[split] += 1;
  return sum;
}

function placed(error: ValueError, row: number, line: number | undefined): RowError {
  return { row, ...(line === undefined ? {} : { line }), ...error };
}

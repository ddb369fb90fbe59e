import {
  ROW_ERRORS_MAX,
  type ExampleCounts,
  type ExampleRowV1,
  type ExampleSplit,
  type ExamplesPreviewedV1,
  type RowError,
} from '@dspy-nest/contracts';
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

/** Where rows stand in the file they are of. */
export interface RowPlaces {
  /** The place of the first row, from 0. */
  readonly first: number;
  /** The column that a pointer in a row stands for. */
  readonly columns?: Readonly<Record<string, string>> | undefined;
}

/** Reads rows by the signature of a dataset. */
export function readRows(
  dataset: Pick<DatasetEntity, 'signature' | 'splits'>,
  rows: readonly ExampleRowV1[],
  { first, columns = {} }: RowPlaces = { first: 0 },
): Intake {
  const examples = new Map<string, ExampleContent>();
  const errors: RowError[] = [];
  let [duplicates, invalid] = [0, 0];
  for (const [row, given] of rows.entries()) {
    const read = readRow(dataset, given);
    if (Array.isArray(read)) {
      invalid += 1;
      errors.push(
        ...placed(read.slice(0, ROW_ERRORS_MAX - errors.length), { row: first + row, line: given.line, columns }),
      );
    } else if (examples.has(read.hash)) duplicates += 1;
    else examples.set(read.hash, read);
  }
  return { examples: sharing([...examples.values()]), duplicates, invalid, errors };
}

/** Of examples with the same inputs the others go where the first does that names a split, or else where the first does. */
function sharing(examples: ExampleContent[]): ExampleContent[] {
  const leaders = new Map<string, ExampleContent>();
  for (const example of examples) {
    if (example.point === null) return examples;
    const leader = leaders.get(example.point);
    if (leader === undefined || (leader.split === null && example.split !== null)) leaders.set(example.point, example);
  }
  return examples.map((example) => {
    const { split, stratum } = leaders.get(example.point!)!;
    return { ...example, split: example.split ?? split, stratum };
  });
}

/** The example of a row, or what is wrong with it. */
function readRow(
  dataset: Pick<DatasetEntity, 'signature' | 'splits'>,
  row: ExampleRowV1,
): ExampleContent | ValueError[] {
  if (!('error' in row)) return readExample(dataset, row);
  return [{ pointer: '', code: row.error.code, message: row.error.message }];
}

/** A row as the example it would be, or with what is wrong in it. */
export function previewRow(
  dataset: Pick<DatasetEntity, 'signature' | 'splits'>,
  given: ExampleRowV1,
  row: number,
): ExamplesPreviewedV1['items'][number] {
  const { line } = given;
  const read = readRow(dataset, given);
  const place = { row, ...(line !== undefined && { line }) };
  if (Array.isArray(read)) return { ...place, example: null, errors: placed(read, { row, line, columns: {} }) };
  const { inputs, outputs, split } = read;
  return { ...place, example: { inputs, outputs, split }, errors: [] };
}

/** The counts of a version with more examples; those that are to be divided yet count in the total alone. */
export function addToCounts(counts: ExampleCounts, examples: readonly { split: ExampleSplit | null }[]): ExampleCounts {
  const sum = { ...counts, total: counts.total + examples.length };
  for (const { split } of examples) if (split !== null) sum[split] += 1;
  return sum;
}

interface Place {
  readonly row: number;
  readonly line: number | undefined;
  readonly columns: Readonly<Record<string, string>>;
}

function placed(errors: readonly ValueError[], { row, line, columns }: Place): RowError[] {
  return errors.map((error) => {
    const column = Object.hasOwn(columns, error.pointer) ? columns[error.pointer] : undefined;
    return { row, ...(line !== undefined && { line }), ...(column !== undefined && { column }), ...error };
  });
}

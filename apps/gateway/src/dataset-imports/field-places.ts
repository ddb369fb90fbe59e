import { EXAMPLE_SPLITS, type DatasetV1, type ExampleSplit } from '@dspy-nest/contracts';

/** The fields of a dataset, and which column each is read from, if that is said. */
export interface FileFields {
  readonly fields: DatasetV1['fields'];
  readonly columns: ReadonlyMap<string, string> | undefined;
}

/** Where in an example the value of a column belongs. */
export type FieldPlace = { readonly side: 'inputs' | 'outputs'; readonly field: string } | { readonly side: 'split' };

/** The place of a name of a field, or of `split` where no field is called that. */
export function placeOf(name: string, { inputs, outputs }: DatasetV1['fields']): FieldPlace | undefined {
  if (inputs.includes(name)) return { side: 'inputs', field: name };
  if (outputs.includes(name)) return { side: 'outputs', field: name };
  return name === 'split' ? { side: 'split' } : undefined;
}

/** A split by its name; what is none is an error of the row. */
export function readSplit(value: unknown): ExampleSplit {
  const split = EXAMPLE_SPLITS.find((one) => one === value);
  if (split !== undefined) return split;
  throw new RowFault(
    'invalid_split',
    `The split must be one of ${EXAMPLE_SPLITS.join(', ')}, or nothing; it is ${JSON.stringify(value)?.slice(0, 100)}.`,
  );
}

/** What is wrong with a row as a whole. */
export class RowFault extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

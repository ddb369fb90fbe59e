import type { RowError } from '@dspy-nest/contracts';
import { AppError } from '@dspy-nest/platform';

/** Thrown when the tenant has no dataset of the name or id, or it has no such version. */
export class DatasetNotFoundError extends AppError {
  readonly code = 'dataset_not_found';

  constructor(dataset: string, version?: number) {
    super(
      version === undefined
        ? `There is no dataset "${dataset}". Create it first, or list the datasets to see which there are.`
        : `Dataset "${dataset}" has no version ${version}. List its versions to see which there are.`,
    );
  }
}

/** Thrown when rows are not examples of the signature; nothing was added. */
export class InvalidExamplesError extends AppError {
  readonly code = 'invalid_examples';

  constructor(dataset: string, invalid: number, errors: readonly RowError[]) {
    super(
      `${invalid} of the rows are no examples of dataset "${dataset}", and none was added. ` +
        'Mend them, or send all with onInvalid "skip" to leave them out.',
      {
        details: {
          invalid,
          errors: errors.map(({ row, pointer, value, ...error }) => ({
            ...error,
            pointer: `/examples/${row}${pointer}`,
            message: value === undefined ? error.message : `${error.message} It is ${value}.`,
          })),
        },
      },
    );
  }
}

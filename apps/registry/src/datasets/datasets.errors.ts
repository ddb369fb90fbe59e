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

/** Thrown when something is to be added to a dataset that a file is being imported into. */
export class ImportInProgressError extends AppError {
  readonly code = 'import_in_progress';

  constructor(dataset: string) {
    super(
      `A file is being imported into dataset "${dataset}", which takes nothing else until that is over. Try again then; ` +
        'an import that no rows come for is given up after two minutes.',
      { details: { retryAfterS: 5 } },
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
          errors: errors.map(({ row, pointer, value, column, message, ...error }) => ({
            ...error,
            pointer: `/examples/${row}${pointer}`,
            message: [column && `Column "${column}":`, message, value && `It is ${value}.`].filter(Boolean).join(' '),
          })),
        },
      },
    );
  }
}

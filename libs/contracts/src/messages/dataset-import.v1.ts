import { z } from 'zod';
import { DatasetName, ExampleRowV1, EXAMPLES_CHUNK_MAX_ROWS, ExampleSplit, OnInvalidRow, RowError } from './dataset.v1';
import { IfMatch } from './precondition';
import { OpenObject, Uuid } from './primitives';

const Count = z.int().min(0);

/** Begins to bring a file to a dataset, which takes nothing else until that ends. The id is the sender's. */
export const DatasetImportCreateV1 = z
  .strictObject({
    id: Uuid,
    name: DatasetName,
    ifMatch: IfMatch.optional(),
    onInvalid: OnInvalidRow.optional(),
    dryRun: z.boolean().optional(),
  })
  .meta({ id: 'DatasetImportCreateV1' });
export type DatasetImportCreateV1 = z.infer<typeof DatasetImportCreateV1>;

/** Brings some of the rows; `first` is the place of the first among all, so that the same rows may come twice. */
export const DatasetImportAppendV1 = z
  .strictObject({
    id: Uuid,
    first: Count,
    rows: z.array(ExampleRowV1).min(1).max(EXAMPLES_CHUNK_MAX_ROWS),
    columns: z
      .record(z.string(), z.string())
      .optional()
      .meta({ description: 'The column of the file that a pointer in a row stands for.' }),
  })
  .meta({ id: 'DatasetImportAppendV1' });
export type DatasetImportAppendV1 = z.infer<typeof DatasetImportAppendV1>;

/** Makes the version of what came, if that was all. */
export const DatasetImportCloseV1 = z
  .strictObject({
    id: Uuid,
    rows: Count,
    digest: z
      .string()
      .max(64)
      .meta({ description: 'Of the file, so that it is known again under an idempotency key.' }),
  })
  .meta({ id: 'DatasetImportCloseV1' });
export type DatasetImportCloseV1 = z.infer<typeof DatasetImportCloseV1>;

/** Drops what came. */
export const DatasetImportAbortV1 = z.strictObject({ id: Uuid }).meta({ id: 'DatasetImportAbortV1' });
export type DatasetImportAbortV1 = z.infer<typeof DatasetImportAbortV1>;

/** Rows that a preview shows, at most. */
export const PREVIEW_MAX_ROWS = 200;

/** Asks what rows would be as examples; nothing is kept. */
export const ExamplesPreviewV1 = z
  .strictObject({ name: DatasetName, rows: z.array(ExampleRowV1).max(PREVIEW_MAX_ROWS) })
  .meta({ id: 'ExamplesPreviewV1' });
export type ExamplesPreviewV1 = z.infer<typeof ExamplesPreviewV1>;

/** Rows as the examples they would be, or with what is wrong in them. */
export const ExamplesPreviewedV1 = z
  .strictObject({
    items: z.array(
      z.strictObject({
        row: Count,
        line: z.int().min(1).optional(),
        example: z
          .strictObject({
            inputs: OpenObject,
            outputs: OpenObject,
            split: ExampleSplit.nullable().meta({
              description: 'Null in a stratified dataset, which divides examples when all have come.',
            }),
          })
          .nullable()
          .meta({ description: 'By the types of the signature; null where the row is no example.' }),
        errors: z.array(RowError),
      }),
    ),
  })
  .meta({ id: 'ExamplesPreviewedV1' });
export type ExamplesPreviewedV1 = z.infer<typeof ExamplesPreviewedV1>;

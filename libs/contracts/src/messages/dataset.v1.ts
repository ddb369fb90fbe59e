import { z } from 'zod';
import { PAGE_LIMIT_MAX } from './page';
import { IfMatch } from './precondition';
import { OpenObject, SignatureName, Timestamp, Uuid, Version } from './primitives';
import { WireError } from './wire-error';

/** Examples that one request brings, and examples that a dataset has, at most. */
export const EXAMPLES_CHUNK_MAX_ROWS = 1_000;
export const DATASET_ROWS_MAX = 16_000_000;

/** The name of a dataset. */
export const DatasetName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/)
  .meta({ id: 'DatasetName' });

/** The name of a dataset or its id. */
export const DatasetNameOrId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
  .meta({ id: 'DatasetNameOrId' });

/** What an example is for: to learn from, to choose by, or to judge by what was never seen before. */
export const EXAMPLE_SPLITS = ['train', 'validation', 'test'] as const;
export const ExampleSplit = z.enum(EXAMPLE_SPLITS).meta({ id: 'ExampleSplit' });
export type ExampleSplit = z.infer<typeof ExampleSplit>;

const Share = z.number().min(0).max(1);

/** Values that a field has by which a dataset is stratified, and characters of each, at most. */
export const STRATA_MAX = 100;
export const STRATUM_MAX_CHARS = 100;

/** How examples that name no split are divided: by their inputs and the seed, so that an example never moves. */
export const DatasetSplits = z
  .strictObject({
    seed: z.int().min(0).max(4_294_967_295),
    validation: Share.meta({ description: 'The share of validation.' }),
    test: Share.meta({ description: 'The share of test; what is left is train.' }),
    stratifyBy: z.string().min(1).max(200).optional().meta({
      description: 'An output, of whose every value each split has its share, as exactly as there are examples.',
    }),
  })
  .refine(({ validation, test }) => validation + test <= 1, { error: 'validation and test must be at most 1 together' })
  .meta({ id: 'DatasetSplits' });
export type DatasetSplits = z.infer<typeof DatasetSplits>;

/** What holds for a dataset that says nothing of its splits. */
export const DATASET_SPLITS_DEFAULT: DatasetSplits = { seed: 0, validation: 0.2, test: 0.2 };

const Count = z.int().min(0);

/** How many examples a version has, in all and in each split. */
export const ExampleCounts = z
  .strictObject({ total: Count, train: Count, validation: Count, test: Count })
  .meta({ id: 'ExampleCounts' });
export type ExampleCounts = z.infer<typeof ExampleCounts>;

/** How many examples with one value of the field by which a dataset is stratified a version has; null is no value. */
export const StratumCounts = ExampleCounts.extend({
  value: z.union([z.string(), z.number(), z.boolean()]).nullable(),
}).meta({ id: 'StratumCounts' });
export type StratumCounts = z.infer<typeof StratumCounts>;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A dataset in one of its versions, without its examples. */
export const DatasetV1 = z
  .strictObject({
    id: Uuid,
    name: DatasetName,
    version: Version,
    description: z.string().nullable(),
    signature: SignatureName,
    signatureVersion: Version,
    fields: z
      .strictObject({ inputs: z.array(z.string()), outputs: z.array(z.string()) })
      .meta({ description: 'The names of what an example has.' }),
    splits: DatasetSplits,
    examples: ExampleCounts,
    strata: z
      .array(StratumCounts)
      .max(STRATA_MAX)
      .nullable()
      .meta({ description: 'The same for each value of the field that it is stratified by; null if by none.' }),
    hash: Sha256.meta({ description: 'Of the examples and their splits, whatever order they came in.' }),
    createdAt: Timestamp,
    updatedAt: Timestamp.meta({ description: 'When this version was made.' }),
  })
  .meta({ id: 'DatasetV1' });
export type DatasetV1 = z.infer<typeof DatasetV1>;

/** Makes a dataset without examples, typed by a signature in the version named or the newest. */
export const DatasetCreateV1 = z
  .strictObject({
    name: DatasetName,
    signature: SignatureName,
    signatureVersion: Version.optional(),
    description: z.string().max(2_000).optional(),
    splits: DatasetSplits.optional(),
  })
  .meta({ id: 'DatasetCreateV1' });
export type DatasetCreateV1 = z.infer<typeof DatasetCreateV1>;

/** Names a dataset by name or id, in one version or the newest. */
export const DatasetRefV1 = z
  .strictObject({ name: DatasetNameOrId, version: Version.optional() })
  .meta({ id: 'DatasetRefV1' });
export type DatasetRefV1 = z.infer<typeof DatasetRefV1>;

/** Deletes a dataset in all its versions. */
export const DatasetDeleteV1 = z
  .strictObject({ name: DatasetName, ifMatch: IfMatch.optional() })
  .meta({ id: 'DatasetDeleteV1' });
export type DatasetDeleteV1 = z.infer<typeof DatasetDeleteV1>;

/** One example: inputs, and of the outputs those that are known. It is known by what it holds. */
export const ExampleV1 = z
  .strictObject({
    id: Sha256.meta({ description: 'SHA-256 of the RFC 8785 form of its inputs and outputs.' }),
    number: Count.meta({ description: 'Its place in the order of arrival, from 1; with gaps.' }),
    addedIn: Version.meta({ description: 'The version of the dataset that has it first.' }),
    split: ExampleSplit,
    inputs: OpenObject,
    outputs: OpenObject,
  })
  .meta({ id: 'ExampleV1' });
export type ExampleV1 = z.infer<typeof ExampleV1>;

/** One example as it is sent, or why a row of a file is none. */
export const ExampleRowV1 = z
  .union([
    z.strictObject({
      inputs: OpenObject,
      outputs: OpenObject.optional(),
      split: ExampleSplit.optional(),
      line: z.int().min(1).optional(),
    }),
    z.strictObject({ error: WireError, line: z.int().min(1) }),
  ])
  .meta({ id: 'ExampleRowV1' });
export type ExampleRowV1 = z.infer<typeof ExampleRowV1>;

/** Whether one bad row refuses all, or is left out and told. */
export const OnInvalidRow = z.enum(['refuse', 'skip']).meta({ id: 'OnInvalidRow' });
export type OnInvalidRow = z.infer<typeof OnInvalidRow>;

/** Adds examples, which makes a new version; `dryRun` only tells what would be. */
export const ExamplesAppendV1 = z
  .strictObject({
    name: DatasetName,
    ifMatch: IfMatch.optional(),
    rows: z.array(ExampleRowV1).min(1).max(EXAMPLES_CHUNK_MAX_ROWS),
    onInvalid: OnInvalidRow.optional(),
    dryRun: z.boolean().optional(),
  })
  .meta({ id: 'ExamplesAppendV1' });
export type ExamplesAppendV1 = z.infer<typeof ExamplesAppendV1>;

/** Errors of rows that are told one by one; the rest is counted. */
export const ROW_ERRORS_MAX = 100;

/** One value of a row that is not what the signature says. */
export const RowError = z
  .strictObject({
    row: z.int().min(0).meta({ description: 'The place of the row, from 0.' }),
    line: z.int().min(1).optional().meta({ description: 'The line of the file, from 1.' }),
    column: z.string().optional().meta({ description: 'The column of the file.' }),
    pointer: z.string().meta({ description: 'Where in the row.' }),
    code: z.string(),
    message: z.string(),
    value: z.string().max(200).optional().meta({ description: 'The value in JSON, shortened.' }),
  })
  .meta({ id: 'RowError' });
export type RowError = z.infer<typeof RowError>;

/** What became of the rows, and the dataset as it stands now. */
export const ExamplesAppendedV1 = DatasetV1.extend({
  report: z.strictObject({
    received: Count,
    added: Count,
    duplicates: Count.meta({ description: 'Examples that were there already, or twice among the rows.' }),
    invalid: Count,
    errors: z.array(RowError).max(ROW_ERRORS_MAX),
  }),
}).meta({ id: 'ExamplesAppendedV1' });
export type ExamplesAppendedV1 = z.infer<typeof ExamplesAppendedV1>;

/** Asks for examples of a version, of one split or all, in the order of their numbers, of those after `after`. */
export const ExamplesListV1 = z
  .strictObject({
    name: DatasetNameOrId,
    version: Version.optional(),
    split: ExampleSplit.optional(),
    after: Count.optional(),
    limit: z.int().min(1).max(PAGE_LIMIT_MAX).optional(),
  })
  .meta({ id: 'ExamplesListV1' });
export type ExamplesListV1 = z.infer<typeof ExamplesListV1>;

/** A page of examples and the number to go on after, null at the end. */
export const ExamplesV1 = z
  .strictObject({ items: z.array(ExampleV1), nextAfter: Count.nullable() })
  .meta({ id: 'ExamplesV1' });
export type ExamplesV1 = z.infer<typeof ExamplesV1>;

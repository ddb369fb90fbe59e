import { z } from 'zod';
import { DatasetName, DatasetNameOrId, ExampleCounts, ExampleSplit, ExampleV1 } from './dataset.v1';
import { Version } from './primitives';

const Count = z.int().min(0);

/** What a comparison tells one by one, at most. */
export const COMPARISON_ITEMS_MAX = 100;

/** Asks what a version has that an earlier one has not. */
export const DatasetDiffRequestV1 = z
  .strictObject({ name: DatasetNameOrId, from: Version, to: Version })
  .meta({ id: 'DatasetDiffRequestV1' });
export type DatasetDiffRequestV1 = z.infer<typeof DatasetDiffRequestV1>;

/** What a version has that an earlier one has not; nothing is ever taken out. */
export const DatasetDiffV1 = z
  .strictObject({
    name: DatasetName,
    from: Version,
    to: Version,
    identical: z.boolean(),
    added: ExampleCounts,
    answeredAnew: Count.meta({ description: 'Added examples whose inputs were there already, with other outputs.' }),
    items: z
      .array(
        z.strictObject({
          example: ExampleV1,
          sameInputsAs: z
            .string()
            .nullable()
            .meta({ description: 'The `id` of an earlier example with these inputs.' }),
        }),
      )
      .max(COMPARISON_ITEMS_MAX)
      .meta({ description: 'The first of those added; those answered anew come first.' }),
  })
  .meta({ id: 'DatasetDiffV1' });
export type DatasetDiffV1 = z.infer<typeof DatasetDiffV1>;

/** How similar inputs are at least, from none of their text in common to all. */
export const SIMILARITY_MIN = 0.7;
export const SIMILARITY_DEFAULT = 0.8;

/** Examples that are looked at for leakage; of a larger version so many, drawn by their hashes. */
export const LEAKAGE_MAX_EXAMPLES = 100_000;

/** Asks for examples that are nearly the same as one in another split. */
export const DatasetLeakageRequestV1 = z
  .strictObject({
    name: DatasetNameOrId,
    version: Version.optional(),
    similarity: z.number().min(SIMILARITY_MIN).max(1).optional(),
  })
  .meta({ id: 'DatasetLeakageRequestV1' });
export type DatasetLeakageRequestV1 = z.infer<typeof DatasetLeakageRequestV1>;

const LeakingExample = z.strictObject({ id: z.string(), number: Count, split: ExampleSplit });

/** Examples of a version that are nearly the same as one in another split. */
export const DatasetLeakageV1 = z
  .strictObject({
    name: DatasetName,
    version: Version,
    similarity: z.number().meta({ description: 'How similar inputs are at least.' }),
    total: Count,
    checked: Count.meta({ description: 'Examples that were looked at; fewer than `total` of a large version.' }),
    examples: ExampleCounts.meta({
      description: 'Those that are nearly the same as one in another split, by their own split.',
    }),
    items: z
      .array(z.strictObject({ similarity: z.number(), examples: z.array(LeakingExample).length(2) }))
      .max(COMPARISON_ITEMS_MAX)
      .meta({ description: 'The most similar pairs.' }),
  })
  .meta({ id: 'DatasetLeakageV1' });
export type DatasetLeakageV1 = z.infer<typeof DatasetLeakageV1>;

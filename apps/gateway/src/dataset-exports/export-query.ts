import type { PipeTransform } from '@nestjs/common';
import { ExampleSplit, Version } from '@dspy-nest/contracts';
import { fromZodError } from '@dspy-nest/platform';
import { z } from 'zod';

/** The forms of a file. */
export const EXPORT_FORMATS = ['jsonl', 'csv'] as const;

const ExportQueryV1 = z.strictObject({
  format: z.enum(EXPORT_FORMATS).default('jsonl'),
  split: ExampleSplit.optional(),
  version: z
    .preprocess((given) => (typeof given === 'string' && /^\d{1,10}$/.test(given) ? Number(given) : given), Version)
    .optional(),
});

/** Which examples a query asks for, and in which form. */
export type ExportQuery = z.infer<typeof ExportQueryV1>;

/** Reads `?format=&version=&split=`; throws ValidationFailedError that names every bad parameter. */
export const exportQuery: PipeTransform<unknown, ExportQuery> = {
  transform(given: unknown): ExportQuery {
    const parsed = ExportQueryV1.safeParse(given);
    if (parsed.success) return parsed.data;
    throw fromZodError(parsed.error);
  },
};

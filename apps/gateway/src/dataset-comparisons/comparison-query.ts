import type { PipeTransform } from '@nestjs/common';
import { DatasetDiffRequestV1, DatasetLeakageRequestV1 } from '@dspy-nest/contracts';
import { fromZodError } from '@dspy-nest/platform';
import type { z } from 'zod';

const DECIMAL = /^\d{1,10}(\.\d{1,10})?$/;

/** Which versions a query compares. */
export type DiffQuery = Omit<DatasetDiffRequestV1, 'name'>;

/** Which version a query looks at, and how closely. */
export type LeakageQuery = Omit<DatasetLeakageRequestV1, 'name'>;

/** Reads `?from=&to=`. */
export const diffQuery = numbersOf<DiffQuery>(DatasetDiffRequestV1.omit({ name: true }));

/** Reads `?version=&similarity=`. */
export const leakageQuery = numbersOf<LeakageQuery>(DatasetLeakageRequestV1.omit({ name: true }));

/** A pipe for a query of numbers; it throws ValidationFailedError that names every bad parameter. */
function numbersOf<T>(type: z.ZodType<T>): PipeTransform<Record<string, unknown>, T> {
  return {
    transform(query) {
      const given = Object.entries(query).map(([name, value]) => {
        return [name, typeof value === 'string' && DECIMAL.test(value) ? Number(value) : value] as const;
      });
      const parsed = type.safeParse(Object.fromEntries(given));
      if (parsed.success) return parsed.data;
      throw fromZodError(parsed.error);
    },
  };
}

import type { PipeTransform } from '@nestjs/common';
import { ExamplesListV1 } from '@dspy-nest/contracts';
import { fromZodError } from '@dspy-nest/platform';

const QueryV1 = ExamplesListV1.omit({ name: true });
const NUMBERS = ['version', 'after', 'limit'];
const INTEGER = /^\d{1,9}$/;

/** Which examples a query asks for. */
export type ExamplesQuery = Omit<ExamplesListV1, 'name'>;

class ExamplesQueryPipe implements PipeTransform<Record<string, unknown>, ExamplesQuery> {
  /** Reads a flat query; throws ValidationFailedError that names every bad parameter. */
  transform(query: Record<string, unknown>): ExamplesQuery {
    const given = Object.entries(query).map(([name, value]) => {
      const isNumber = NUMBERS.includes(name) && typeof value === 'string' && INTEGER.test(value);
      return [name, isNumber ? Number(value) : value] as const;
    });
    const parsed = QueryV1.safeParse(Object.fromEntries(given));
    if (parsed.success) return parsed.data;
    throw fromZodError(parsed.error);
  }
}

/** The examples that a query asks for: `?version=&split=&after=&limit=`. */
export const examplesQuery = new ExamplesQueryPipe();

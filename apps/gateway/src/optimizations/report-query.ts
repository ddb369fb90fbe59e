import { applyDecorators, type PipeTransform } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import { OptimizationPageGetV1, PAGE_LIMIT_MAX } from '@dspy-nest/contracts';
import { fromZodError } from '@dspy-nest/platform';

const QueryV1 = OptimizationPageGetV1.omit({ id: true });
const INTEGER = /^\d{1,9}$/;

/** Which page of what a run told a query asks for. */
export type ReportQuery = Omit<OptimizationPageGetV1, 'id'>;

class ReportQueryPipe implements PipeTransform<Record<string, unknown>, ReportQuery> {
  /** Reads a flat query; throws ValidationFailedError that names every bad parameter. */
  transform(query: Record<string, unknown>): ReportQuery {
    const given = Object.entries(query).map(([name, value]) => {
      const isNumber = typeof value === 'string' && INTEGER.test(value);
      return [name, isNumber ? Number(value) : value] as const;
    });
    const parsed = QueryV1.safeParse(Object.fromEntries(given));
    if (parsed.success) return parsed.data;
    throw fromZodError(parsed.error);
  }
}

/** The page that a query asks for: `?after=&limit=`. */
export const reportQuery = new ReportQueryPipe();

/** Documents {@link reportQuery}. */
export function ApiReportQuery(): MethodDecorator {
  return applyDecorators(
    ApiQuery({ name: 'after', required: false, schema: { type: 'integer', minimum: 0, maximum: 999_999_999 } }),
    ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: PAGE_LIMIT_MAX } }),
  );
}

import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { BATCH_ROWS_MAX } from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';

/** The place of a row as OpenAPI describes it. */
export const ROW_SCHEMA = { type: 'integer', minimum: 0, maximum: BATCH_ROWS_MAX } as const;

const PLACE = /^\d{1,8}$/;

/** The place of a row that a query may name. */
export const rowPlace: PipeTransform<unknown, number | undefined> = {
  transform(given: unknown, { data: name = 'after' }: ArgumentMetadata): number | undefined {
    if (given === undefined) return undefined;
    if (typeof given === 'string' && PLACE.test(given) && Number(given) <= BATCH_ROWS_MAX) return Number(given);
    const message = `The query parameter "${name}" must be the index of a row, an integer from 0, or be left out.`;
    throw new ValidationFailedError(message, [{ pointer: `/${name}`, code: 'invalid_parameter', message }]);
  },
};

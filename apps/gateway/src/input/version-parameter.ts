import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { ValidationFailedError } from '@dspy-nest/platform';

/** A version as OpenAPI describes it. */
export const VERSION_SCHEMA = { type: 'integer', minimum: 1, maximum: 999_999_999 } as const;

const VERSION = /^[1-9]\d{0,8}$/;

class VersionPipe implements PipeTransform<unknown, number | undefined> {
  constructor(private readonly required: boolean) {}

  transform(given: unknown, { data: name = 'version' }: ArgumentMetadata): number | undefined {
    if (typeof given === 'string' && VERSION.test(given)) return Number(given);
    if (given === undefined && !this.required) return undefined;
    const rule = `must be a version, an integer from 1${this.required ? '' : ', or be left out'}`;
    const message = `The query parameter "${name}" ${rule}: ?${name}=1.`;
    throw new ValidationFailedError(message, [{ pointer: `/${name}`, code: 'invalid_parameter', message }]);
  }
}

/** The version that a query must name. */
export const requiredVersion = new VersionPipe(true);
/** The version that a query may name. */
export const optionalVersion = new VersionPipe(false);

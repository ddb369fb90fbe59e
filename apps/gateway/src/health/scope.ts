import type { PipeTransform } from '@nestjs/common';
import { ValidationFailedError } from '@dspy-nest/platform';

class ScopePipe implements PipeTransform<unknown, 'gateway' | undefined> {
  transform(given: unknown): 'gateway' | undefined {
    if (given === 'gateway' || given === undefined) return given;
    const message = 'The query parameter "scope" must be gateway, or be left out for the whole suite.';
    throw new ValidationFailedError(message, [{ pointer: '/scope', code: 'invalid_parameter', message }]);
  }
}

/** Whether a request is about this gateway alone. */
export const scope = new ScopePipe();

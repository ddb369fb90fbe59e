import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { fromZodError } from '@dspy-nest/platform';
import type { z } from 'zod';

/** Checks the payload of a handler by a contract; throws ValidationFailedError with a pointer to each wrong place. */
export class ContractPipe<T> implements PipeTransform<unknown, unknown> {
  constructor(private readonly schema: z.ZodType<T>) {}

  transform(value: unknown, { type }: ArgumentMetadata): unknown {
    // As a method's pipe it also sees the context, which is no payload.
    if (type === 'custom') return value;
    const result = this.schema.safeParse(value);
    if (result.success) return result.data;
    throw fromZodError(result.error);
  }
}

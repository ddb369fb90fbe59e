import { z } from 'zod';

/** One place in a document and what is wrong there. */
export const ErrorItem = z
  .strictObject({
    pointer: z.string(),
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
    offset: z.int().optional(),
    line: z.int().optional(),
    column: z.int().optional(),
    length: z.int().optional(),
  })
  .meta({ id: 'ErrorItem' });
export type ErrorItem = z.infer<typeof ErrorItem>;

/** What an error says beyond its message. */
export const ErrorDetails = z
  .looseObject({
    errors: z.array(ErrorItem).optional(),
    retryAfterS: z.number().min(0).optional(),
  })
  .meta({ id: 'ErrorDetails' });
export type ErrorDetails = z.infer<typeof ErrorDetails>;

/** The one form in which an error crosses a process. */
export const WireError = z
  .strictObject({
    code: z.string().regex(/^[a-z][a-z0-9_]*$/),
    message: z.string().max(10_000),
    retryable: z.boolean(),
    details: ErrorDetails,
  })
  .meta({ id: 'WireError' });
export type WireError = z.infer<typeof WireError>;

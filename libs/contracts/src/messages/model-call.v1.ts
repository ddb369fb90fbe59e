import { z } from 'zod';
import { Timestamp } from './primitives';

/** Characters of one prompt or one completion that are kept; what is longer is cut and marked. */
export const RECORDED_TEXT_MAX_CHARS = 100_000;

/** Model calls of one execution that are kept. */
export const RECORDED_CALLS_MAX = 100;

/** One message of a prompt as it was sent, after redaction. */
export const RecordedMessage = z
  .strictObject({ role: z.string(), content: z.string() })
  .meta({ id: 'RecordedMessage' });
export type RecordedMessage = z.infer<typeof RecordedMessage>;

/** One call to a model: what it cost and, unless the program forbids it, what was asked and answered. */
export const ModelCallV1 = z
  .strictObject({
    index: z.int().min(0).meta({ description: 'Place among the calls of the attempt.' }),
    attempt: z.int().min(1).meta({ description: 'The attempt of the execution that made the call.' }),
    reason: z
      .enum(['first', 'model_retry', 'parse_retry'])
      .meta({ description: 'Why it was made: by the program, or again after a failed call or an unreadable answer.' }),
    model: z.string().optional().meta({ description: 'The model that was asked and its version, `name@version`.' }),
    startedAt: Timestamp,
    durationMs: z.number().min(0),
    firstTokenMs: z.number().min(0).nullable(),
    errorCode: z.string().nullable(),
    finishReason: z.string().nullable(),
    promptTokens: z.int().min(0).nullable(),
    completionTokens: z.int().min(0).nullable(),
    costUsd: z.number().min(0).nullable(),
    messages: z
      .array(RecordedMessage)
      .nullable()
      .meta({ description: 'null when contents are not recorded any more.' }),
    completion: z.string().nullable(),
    truncated: z.boolean(),
  })
  .meta({ id: 'ModelCallV1' });
export type ModelCallV1 = z.infer<typeof ModelCallV1>;

/** The model calls of one execution, in order. */
export const ModelCallsV1 = z.strictObject({ items: z.array(ModelCallV1) }).meta({ id: 'ModelCallsV1' });
export type ModelCallsV1 = z.infer<typeof ModelCallsV1>;

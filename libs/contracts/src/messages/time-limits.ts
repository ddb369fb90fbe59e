import { z } from 'zod';

/** The longest total time of one execution, in milliseconds, and the one of who says nothing. */
export const TIMEOUT_DEFAULT_MS = 60_000;
export const TIMEOUT_MAX_MS = 600_000;

/** How often one execution may ask a model again, and how often who says nothing does. */
export const RETRIES_DEFAULT = 2;
export const RETRIES_MAX = 10;

const limit = z.int().min(1).max(TIMEOUT_MAX_MS);

/** The clocks of one model call, in milliseconds. */
export const CallLimits = z
  .strictObject({
    connectMs: limit.meta({ description: 'Until the connection to the model server stands, with TLS.' }),
    firstTokenMs: limit.meta({ description: 'From the sent request to the first token.' }),
    idleMs: limit.meta({ description: 'Between two tokens.' }),
    attemptMs: limit.meta({ description: 'One call as a whole.' }),
  })
  .meta({ id: 'CallLimits' });
export type CallLimits = z.infer<typeof CallLimits>;

/** The clocks of who says nothing. */
export const CALL_LIMITS_DEFAULT: Readonly<CallLimits> = {
  connectMs: 5_000,
  firstTokenMs: 60_000,
  idleMs: 30_000,
  attemptMs: 120_000,
};

/** Some of the clocks of a model call; what is absent is as the program, then as the platform says. */
export const CallLimitsChange = CallLimits.partial().meta({ id: 'CallLimitsChange' });
export type CallLimitsChange = z.infer<typeof CallLimitsChange>;

/** A total time in milliseconds. */
export const TimeoutMs = z.int().min(1).max(TIMEOUT_MAX_MS);

/** How often one execution may ask a model again, for whatever reason. */
export const MaxRetries = z.int().min(0).max(RETRIES_MAX);

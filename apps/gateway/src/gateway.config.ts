import { BATCH_ROWS_MAX } from '@dspy-nest/contracts';
import { serviceEnvironment } from '@dspy-nest/platform';
import { z } from 'zod';
import { UPLOAD_LIMITS_DEFAULT } from './batch-uploads/upload-limits';
import { isLoopbackHost } from './access/local-authority';

const wholeNumber = (most: number, otherwise: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,14}$/, `must be a whole number from 1 to ${most}`)
    .transform(Number)
    .refine((number) => number <= most, `must be a whole number from 1 to ${most}`)
    .default(otherwise);

/** The variables the gateway reads. */
export const gatewayEnvironment = serviceEnvironment
  .pick({ HOST: true, PORT: true, NATS_URL: true, REDIS_URL: true, LOG_LEVEL: true })
  .extend({
    // Running open although the operator asked for access control would be worse than not running.
    DSPY_NEST_AUTH: z.literal('off', 'must be "off": access control is not part of this version').default('off'),
    /** Rows, and bytes as NDJSON, that one batch may bring. */
    DSPY_NEST_BATCH_MAX_ROWS: wholeNumber(BATCH_ROWS_MAX, UPLOAD_LIMITS_DEFAULT.maxRows),
    DSPY_NEST_BATCH_MAX_BYTES: wholeNumber(Number.MAX_SAFE_INTEGER, UPLOAD_LIMITS_DEFAULT.maxBytes),
    DSPY_NEST_INTROSPECTION: z.enum(['on', 'off'], 'must be "on" or "off"').default('on'),
  })
  .superRefine((environment, context) => {
    if (isLoopbackHost(environment.HOST)) return;
    context.addIssue({
      code: 'custom',
      path: ['HOST'],
      message: 'must be a loopback address (127.0.0.1, ::1 or localhost) while DSPY_NEST_AUTH is off',
    });
  });

/** What a gateway is put together by. */
export type GatewaySettings = Pick<GatewayConfig, 'NATS_URL' | 'REDIS_URL'> &
  Partial<Pick<GatewayConfig, 'DSPY_NEST_INTROSPECTION' | 'DSPY_NEST_BATCH_MAX_ROWS' | 'DSPY_NEST_BATCH_MAX_BYTES'>>;

/** What the gateway needs to know at start. */
export type GatewayConfig = z.infer<typeof gatewayEnvironment>;

import { serviceEnvironment } from '@dspy-nest/platform';
import { z } from 'zod';
import { isLoopbackHost } from './access/local-authority';

/** The variables the gateway reads. */
export const gatewayEnvironment = serviceEnvironment
  .pick({ HOST: true, PORT: true, NATS_URL: true, REDIS_URL: true, LOG_LEVEL: true })
  .extend({
    // Running open although the operator asked for access control would be worse than not running.
    DSPY_NEST_AUTH: z.literal('off', 'must be "off": access control is not part of this version').default('off'),
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
  Partial<Pick<GatewayConfig, 'DSPY_NEST_INTROSPECTION'>>;

/** What the gateway needs to know at start. */
export type GatewayConfig = z.infer<typeof gatewayEnvironment>;

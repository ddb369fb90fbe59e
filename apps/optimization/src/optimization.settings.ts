import { serviceEnvironment } from '@dspy-nest/platform';
import type { z } from 'zod';

/** What the service reads from the environment. */
export const optimizationSettings = serviceEnvironment.pick({
  DATABASE_URL: true,
  NATS_URL: true,
  REDIS_URL: true,
  LOG_LEVEL: true,
});
export type OptimizationSettings = z.infer<typeof optimizationSettings>;

import { loadConfig, modelNetworks, serviceEnvironment } from '@dspy-nest/platform';
import { z } from 'zod';

const MAX_QUEUED_DEFAULT = 100_000;
const RETENTION_DAYS_DEFAULT = 30;

const environment = serviceEnvironment
  .pick({ DATABASE_URL: true, NATS_URL: true, REDIS_URL: true, LOG_LEVEL: true })
  .extend({
    /** Networks in which models may be beside the public internet. */
    DSPY_NEST_MODEL_NETWORKS: modelNetworks,
    /** Executions without a waiting caller that a lane holds before more are refused. */
    DSPY_NEST_MAX_QUEUED: z
      .string()
      .regex(/^[1-9]\d{0,6}$/, 'must be a whole number from 1 to 9999999')
      .transform(Number)
      .default(MAX_QUEUED_DEFAULT),
    /** How long model calls are kept; with 0 their contents are not even recorded. */
    DSPY_NEST_RECORD_RETENTION_DAYS: z
      .string()
      .regex(/^\d{1,4}$/, 'must be a whole number of days from 0 to 9999')
      .transform(Number)
      .default(RETENTION_DAYS_DEFAULT),
  });

/** What the execution service reads from its environment. */
export type ExecutionConfig = z.infer<typeof environment>;

/** The injection token of the service's configuration. */
export const CONFIG = Symbol('config');

/** Reads the environment. Throws ConfigError naming every wrong variable. */
export function readConfig(env: NodeJS.ProcessEnv): ExecutionConfig {
  return loadConfig(environment, env);
}

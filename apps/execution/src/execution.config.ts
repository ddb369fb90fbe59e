import { loadConfig, serviceEnvironment } from '@dspy-nest/platform';
import type { z } from 'zod';

const environment = serviceEnvironment.pick({ DATABASE_URL: true, NATS_URL: true, LOG_LEVEL: true });

/** What the execution service reads from its environment. */
export type ExecutionConfig = z.infer<typeof environment>;

/** Reads the environment. Throws ConfigError naming every wrong variable. */
export function readConfig(env: NodeJS.ProcessEnv): ExecutionConfig {
  return loadConfig(environment, env);
}

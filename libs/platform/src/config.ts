import { z } from 'zod';
import { isSecretName, maskUrlCredentials } from './redaction';

const GIVEN_MAX_CHARS = 100;
const SECRET_KEY_BYTES = 32;

/** One variable of the environment that cannot be used. */
export interface ConfigProblem {
  variable: string;
  /** What was given, masked where it may be secret; null when nothing was. */
  given: string | null;
  allowed: string;
}

/** The environment cannot be used; lists every problem, so that one start tells all. */
export class ConfigError extends Error {
  constructor(readonly problems: ConfigProblem[]) {
    const lines = problems.map(({ variable, given, allowed }) => `  ${variable}: ${given ?? 'not set'}; ${allowed}`);
    super(`The environment cannot be used:\n${lines.join('\n')}`);
    this.name = 'ConfigError';
  }
}

const serverUrl = (protocol: RegExp, example: string): z.ZodURL =>
  z.url({ protocol, error: `must be a URL such as ${example}` });

const isSecretKey = (text: string): boolean =>
  Buffer.from(text, 'base64').length === SECRET_KEY_BYTES && /^[A-Za-z0-9+/]+={0,2}$/.test(text);

/** The variables services know; each service picks those it needs. */
export const serviceEnvironment = z.object({
  DATABASE_URL: serverUrl(/^postgres(ql)?$/, 'postgres://user:password@127.0.0.1:5432/dspy_nest'),
  NATS_URL: serverUrl(/^(nats|tls)$/, 'nats://127.0.0.1:4222'),
  REDIS_URL: serverUrl(/^rediss?$/, 'redis://127.0.0.1:6379'),
  HOST: z.string().min(1, 'must be an address to listen on').default('127.0.0.1'),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port from 0 to 65535')
    .transform(Number)
    .refine((port) => port <= 65_535, 'must be a port from 0 to 65535')
    .default(4_000),
  DSPY_NEST_AUTH: z.enum(['off', 'on'], 'must be "off" or "on"').default('off'),
  DSPY_NEST_SECRET_KEY: z
    .string('must be set to 32 random bytes in base64')
    .refine(isSecretKey, 'must be 32 random bytes in base64'),
  LOG_LEVEL: z
    .enum(
      ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
      'must be trace, debug, info, warn, error, fatal or silent',
    )
    .default('info'),
});

/** Reads a configuration from the environment, an empty variable counting as unset; throws ConfigError. */
export function loadConfig<T>(schema: z.ZodType<T>, env: NodeJS.ProcessEnv): T {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const result = schema.safeParse(set);
  if (result.success) return result.data;
  throw new ConfigError(
    result.error.issues.map((issue) => {
      const variable = String(issue.path[0] ?? '(all)');
      return { variable, given: describeGiven(variable, set[variable]), allowed: issue.message };
    }),
  );
}

function describeGiven(variable: string, value: string | undefined): string | null {
  if (value === undefined) return null;
  if (isSecretName(variable)) return `given with ${value.length} characters (not shown)`;
  const cut = value.length > GIVEN_MAX_CHARS ? `${value.slice(0, GIVEN_MAX_CHARS)}…` : value;
  return `given "${maskUrlCredentials(cut)}"`;
}

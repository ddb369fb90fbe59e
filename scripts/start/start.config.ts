import { resolve } from 'node:path';

/** What `npm start` was told by its environment. */
export interface StartConfig {
  readonly host: string;
  readonly port: number;
  /** Absolute path of the data of the embedded servers. */
  readonly home: string;
  /** Servers of the operator's own, instead of the embedded ones. */
  readonly databaseUrl?: string;
  readonly natsUrl?: string;
  readonly redisUrl?: string;
  readonly workers: number;
  readonly workerConcurrency: number;
  /** How long executions in hand may take when the suite is stopped, in seconds. */
  readonly workerDrainGraceS: number;
  /** Set when another model than the bundled one is used. */
  readonly modelBaseUrl?: string;
  readonly logLevel: string;
}

/** One or more variables have values that cannot be used; the message has a line for each. */
export class StartConfigError extends Error {
  readonly code = 'config_invalid';

  constructor(problems: readonly string[]) {
    super(['The configuration cannot be used:', ...problems.map((problem) => `  ${problem}`)].join('\n'));
    this.name = 'StartConfigError';
  }
}

type Read<T> = (given: string) => T | undefined;
const LOG_LEVELS = ['error', 'warn', 'info', 'debug', 'trace'];
const LOOPBACK = /^(localhost|::1|127(\.\d{1,3}){3})$/;

/** Reads and checks all variables at once; an empty one counts as not set. Throws StartConfigError. */
export function readStartConfig(env: NodeJS.ProcessEnv, root: string): StartConfig {
  const problems: string[] = [];
  const read = <T, D extends T | undefined>(name: string, allowed: string, parse: Read<T>, fallback: D): T | D => {
    const given = env[name];
    if (given === undefined || given === '') return fallback;
    const value = parse(given);
    if (value === undefined) problems.push(`${name} is ${shown(given)}; allowed is ${allowed}.`);
    return value ?? fallback;
  };
  const url = (name: string, ...schemes: string[]) =>
    read(
      name,
      `a URL that begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`,
      urlOf(schemes),
      undefined,
    );
  const config = {
    host: read(
      'HOST',
      'a host name or an IP address without spaces',
      (given) => given.match(/^[\w.:-]+$/)?.[0],
      '127.0.0.1',
    ),
    port: read('PORT', 'a whole number from 1 to 65535', wholeNumber(1, 65_535), 4000),
    home: resolve(root, env.DSPY_NEST_HOME || '.dspy-nest'),
    databaseUrl: url('DATABASE_URL', 'postgres:', 'postgresql:'),
    natsUrl: url('NATS_URL', 'nats:', 'tls:'),
    redisUrl: url('REDIS_URL', 'redis:', 'rediss:'),
    workers: read('DSPY_NEST_WORKERS', 'a whole number from 0 to 64', wholeNumber(0, 64), 1),
    workerConcurrency: read('DSPY_NEST_WORKER_CONCURRENCY', 'a whole number from 1 to 1024', wholeNumber(1, 1024), 64),
    workerDrainGraceS: read('DSPY_NEST_WORKER_DRAIN_GRACE_S', 'a whole number from 0 to 600', wholeNumber(0, 600), 20),
    modelBaseUrl: url('DSPY_NEST_LM_BASE_URL', 'http:', 'https:'),
    logLevel: read('LOG_LEVEL', `one of ${LOG_LEVELS.join(', ')}`, oneOf(LOG_LEVELS), 'info'),
  };
  const access = read('DSPY_NEST_AUTH', 'off or on', oneOf(['off', 'on']), 'off');
  if (access === 'on')
    problems.push('DSPY_NEST_AUTH is "on"; access control is not part of this version, so only off is allowed.');
  if (!LOOPBACK.test(config.host)) {
    problems.push(
      `HOST is ${shown(config.host)}; while DSPY_NEST_AUTH is off only 127.0.0.1, ::1 or localhost is allowed.`,
    );
  }
  if (problems.length > 0) throw new StartConfigError(problems);
  return config;
}

/** Where the gateway answers. */
export function gatewayUrl({ host, port }: Pick<StartConfig, 'host' | 'port'>): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function wholeNumber(least: number, most: number): Read<number> {
  return (given) => {
    const value = /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN;
    return value >= least && value <= most ? value : undefined;
  };
}

function oneOf(allowed: readonly string[]): Read<string> {
  return (given) => allowed.find((each) => each === given);
}

function urlOf(schemes: readonly string[]): Read<string> {
  return (given) => (URL.canParse(given) && schemes.includes(new URL(given).protocol) ? given : undefined);
}

// Addresses of servers may carry a password.
function shown(given: string): string {
  return JSON.stringify(given.replace(/^([^@]*\/\/)?[^@]*@/, '$1***@').slice(0, 100));
}

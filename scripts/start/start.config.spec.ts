import { gatewayUrl, readStartConfig, StartConfigError } from './start.config';

const ROOT = '/somewhere';

function problemsOf(env: NodeJS.ProcessEnv): string[] {
  try {
    readStartConfig(env, ROOT);
  } catch (error) {
    if (error instanceof StartConfigError) return error.message.split('\n').slice(1);
    throw error;
  }
  return [];
}

describe('readStartConfig', () => {
  it('has a default for everything', () => {
    expect(readStartConfig({}, ROOT)).toEqual({
      host: '127.0.0.1',
      port: 4000,
      home: '/somewhere/.dspy-nest',
      databaseUrl: undefined,
      natsUrl: undefined,
      redisUrl: undefined,
      workers: 1,
      workerConcurrency: 64,
      workerDrainGraceS: 20,
      modelBaseUrl: undefined,
      logLevel: 'info',
    });
  });

  it('takes what is given, and an empty value as none', () => {
    const env = {
      HOST: 'localhost',
      PORT: '1',
      DSPY_NEST_HOME: 'data',
      DATABASE_URL: 'postgres://u:p@db/x',
      NATS_URL: '',
      REDIS_URL: 'rediss://r',
      DSPY_NEST_WORKERS: '0',
      DSPY_NEST_LM_BASE_URL: 'http://127.0.0.1:9/v1',
      DSPY_NEST_AUTH: 'off',
    };
    expect(readStartConfig(env, ROOT)).toMatchObject({
      host: 'localhost',
      port: 1,
      home: '/somewhere/data',
      databaseUrl: 'postgres://u:p@db/x',
      natsUrl: undefined,
      redisUrl: 'rediss://r',
      workers: 0,
      modelBaseUrl: 'http://127.0.0.1:9/v1',
    });
  });

  it.each([
    ['PORT', '0', 'a whole number from 1 to 65535'],
    ['PORT', '65536', 'a whole number from 1 to 65535'],
    ['PORT', '4e3', 'a whole number from 1 to 65535'],
    ['HOST', 'a b', 'a host name or an IP address without spaces'],
    ['NATS_URL', 'localhost:4222', 'a URL that begins with nats:// or tls://'],
    ['DATABASE_URL', 'mysql://x', 'a URL that begins with postgres:// or postgresql://'],
    ['REDIS_URL', 'x', 'a URL that begins with redis:// or rediss://'],
    ['DSPY_NEST_LM_BASE_URL', 'ftp://x', 'a URL that begins with http:// or https://'],
    ['DSPY_NEST_WORKERS', '-1', 'a whole number from 0 to 64'],
    ['DSPY_NEST_WORKER_CONCURRENCY', '1.5', 'a whole number from 1 to 1024'],
    ['DSPY_NEST_WORKER_DRAIN_GRACE_S', '601', 'a whole number from 0 to 600'],
    ['DSPY_NEST_AUTH', 'yes', 'off or on'],
    ['LOG_LEVEL', 'loud', 'one of error, warn, info, debug, trace'],
  ])('refuses %s=%s and says what is allowed', (name, given, allowed) => {
    expect(problemsOf({ [name]: given })).toEqual([`  ${name} is "${given}"; allowed is ${allowed}.`]);
  });

  it('names all problems at once', () => {
    expect(problemsOf({ PORT: 'x', DSPY_NEST_WORKERS: 'many', DSPY_NEST_AUTH: 'on' })).toHaveLength(3);
  });

  it.each(['0.0.0.0', '192.168.1.2', '::', 'example.org', '127.0.0.1.example.org'])(
    'refuses to be open to others: HOST=%s',
    (host) => {
      expect(problemsOf({ HOST: host })).toEqual([
        `  HOST is "${host}"; while DSPY_NEST_AUTH is off only 127.0.0.1, ::1 or localhost is allowed.`,
      ]);
    },
  );

  it('refuses access control rather than running open', () => {
    expect(problemsOf({ DSPY_NEST_AUTH: 'on' })).toEqual([
      '  DSPY_NEST_AUTH is "on"; access control is not part of this version, so only off is allowed.',
    ]);
  });

  it('never shows a password', () => {
    expect(problemsOf({ DATABASE_URL: 'mysql://u:hunter2@db/x', REDIS_URL: 'u:hunter2@x' }).join()).not.toContain(
      'hunter2',
    );
  });
});

describe('gatewayUrl', () => {
  it('puts an IPv6 address in brackets', () => {
    expect(gatewayUrl({ host: '::1', port: 4000 })).toBe('http://[::1]:4000');
    expect(gatewayUrl({ host: 'localhost', port: 1 })).toBe('http://localhost:1');
  });
});

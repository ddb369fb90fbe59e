import { z } from 'zod';
import { ConfigError, loadConfig, serviceEnvironment } from './config';

const KEY = Buffer.alloc(32, 7).toString('base64');
const GOOD = {
  DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:5432/db',
  NATS_URL: 'nats://u:hunter2@127.0.0.1:4222',
  REDIS_URL: 'redis://127.0.0.1:6379',
  DSPY_NEST_SECRET_KEY: KEY,
};

function problemsOf(env: NodeJS.ProcessEnv): ConfigError {
  try {
    loadConfig(serviceEnvironment, env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('The environment was taken.');
}

describe('loadConfig', () => {
  it('reads what is set, defaults for the rest, and ignores all else', () => {
    expect(loadConfig(serviceEnvironment, { ...GOOD, PORT: '4010', HOME: '/home/u' })).toEqual({
      ...GOOD,
      HOST: '127.0.0.1',
      PORT: 4010,
      DSPY_NEST_AUTH: 'off',
      LOG_LEVEL: 'info',
    });
  });

  it('takes an empty variable as unset', () => {
    expect(loadConfig(serviceEnvironment, { ...GOOD, LOG_LEVEL: '' }).LOG_LEVEL).toBe('info');
  });

  it('names every wrong variable, what was given and what is allowed', () => {
    const { problems, message } = problemsOf({ ...GOOD, NATS_URL: undefined, PORT: '99999', DSPY_NEST_AUTH: 'maybe' });
    expect(problems.map(({ variable }) => variable).toSorted()).toEqual(['DSPY_NEST_AUTH', 'NATS_URL', 'PORT']);
    expect(message).toContain('NATS_URL: not set; must be a URL such as nats://');
    expect(message).toContain('PORT: given "99999"; must be a port from 0 to 65535');
    expect(message).toContain('DSPY_NEST_AUTH: given "maybe"; must be "off" or "on"');
  });

  it('never shows a secret', () => {
    const { message } = problemsOf({
      ...GOOD,
      DSPY_NEST_SECRET_KEY: 'hunter2',
      DATABASE_URL: 'mysql://u:hunter2@db/x',
    });
    expect(message).not.toContain('hunter2');
    expect(message).toContain('DSPY_NEST_SECRET_KEY: given with 7 characters (not shown)');
    expect(message).toContain('DATABASE_URL: given "mysql://***@db/x"');
  });

  it.each([
    ['too short', Buffer.alloc(31)],
    ['too long', Buffer.alloc(33)],
  ])('refuses a key that is %s', (_name, bytes) => {
    expect(problemsOf({ ...GOOD, DSPY_NEST_SECRET_KEY: bytes.toString('base64') }).problems).toHaveLength(1);
  });

  it('works for any part of the environment', () => {
    const schema = serviceEnvironment.pick({ NATS_URL: true }).extend({ EXTRA: z.string() });
    expect(loadConfig(schema, { ...GOOD, EXTRA: 'x' })).toEqual({ NATS_URL: GOOD.NATS_URL, EXTRA: 'x' });
  });
});

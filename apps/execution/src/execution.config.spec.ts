import { readConfig } from './execution.config';

const env = {
  DATABASE_URL: 'postgres://127.0.0.1/x',
  NATS_URL: 'nats://127.0.0.1:4222',
  REDIS_URL: 'redis://127.0.0.1:6379',
};

describe('the configuration of the execution service', () => {
  it('has a default for what is not told', () => {
    expect(readConfig(env)).toMatchObject({ DSPY_NEST_MAX_QUEUED: 100_000 });
    expect(readConfig({ ...env, DSPY_NEST_MAX_QUEUED: '7' })).toMatchObject({ DSPY_NEST_MAX_QUEUED: 7 });
  });

  it.each(['0', '-1', '1.5', 'many', '10000000'])(
    'refuses DSPY_NEST_MAX_QUEUED=%s, naming what is allowed',
    (given) => {
      expect(() => readConfig({ ...env, DSPY_NEST_MAX_QUEUED: given })).toThrow(
        `DSPY_NEST_MAX_QUEUED: given "${given}"; must be a whole number from 1 to 9999999`,
      );
    },
  );
});

import { listProcesses, type Surroundings } from './process-list';
import { readStartConfig } from './start.config';

const SURROUNDINGS: Surroundings = {
  root: '/repo',
  config: readStartConfig({ PORT: '4100', DSPY_NEST_WORKERS: '2' }, '/repo'),
  databaseUrl: 'postgresql://db',
  natsUrl: 'nats://n',
  redisUrl: 'redis://r',
  secretKey: 'c2VjcmV0',
  localModelPort: 4711,
};
const ENVIRONMENT = {
  PATH: '/bin',
  DSPY_NEST_LM_API_KEY: 'sk-1',
  DSPY_NEST_LM_MODEL: 'm',
  DSPY_NEST_SECRET_KEY: 'of the starter',
  AWS_SECRET_ACCESS_KEY: 'x',
  DSPY_NEST_TOOL_SECRET_X: 'of a tool',
  npm_config_x: 'y',
};

function list(given: Partial<Surroundings> = {}) {
  return new Map(listProcesses({ ...SURROUNDINGS, ...given }, ENVIRONMENT).map((entry) => [entry.name, entry]));
}

describe('listProcesses', () => {
  it('has the services, the wanted workers and the model', () => {
    expect([...list().keys()]).toEqual([
      'gateway',
      'registry',
      'execution',
      'optimization',
      'worker-1',
      'worker-2',
      'local-model',
    ]);
  });

  it('has no model server when another model is used', () => {
    const { localModelPort: _, ...others } = SURROUNDINGS;
    const entries = listProcesses(others, ENVIRONMENT);
    expect(entries.map(({ name }) => name)).not.toContain('local-model');
    expect(entries[1]?.env).not.toHaveProperty('DSPY_NEST_LOCAL_MODEL_URL');
  });

  it('gives secrets to who needs them, and nothing that is not meant for the suite to anyone', () => {
    for (const [name, { env }] of list()) {
      expect([name, env.DSPY_NEST_SECRET_KEY]).toEqual([name, name === 'registry' ? 'c2VjcmV0' : undefined]);
      expect([name, env.DSPY_NEST_LM_API_KEY]).toEqual([name, name === 'registry' ? 'sk-1' : undefined]);
      const isWorker = name.startsWith('worker-');
      expect([name, env.DSPY_NEST_TOOL_SECRET_X]).toEqual([name, isWorker ? 'of a tool' : undefined]);
      expect([env.AWS_SECRET_ACCESS_KEY, env.npm_config_x]).toEqual([undefined, undefined]);
      expect(env.PATH).toBe('/bin');
    }
  });

  it('lets models on this machine be called, unless the operator says where models may be', () => {
    const networks = (given: NodeJS.ProcessEnv) =>
      listProcesses(SURROUNDINGS, given).flatMap(({ env }) => env.DSPY_NEST_MODEL_NETWORKS ?? []);
    expect(networks(ENVIRONMENT)).toEqual(Array(4).fill('127.0.0.0/8, ::1'));
    expect(new Set(networks({ DSPY_NEST_MODEL_NETWORKS: '10.0.0.0/8' }))).toEqual(new Set(['10.0.0.0/8']));
    expect(new Set(networks({ DSPY_NEST_MODEL_NETWORKS: '' }))).toEqual(new Set(['']));
  });

  it('gives each process the servers it needs and no other', () => {
    const { gateway, registry, 'worker-1': worker } = Object.fromEntries(list());
    expect(gateway?.env).toMatchObject({
      NATS_URL: 'nats://n',
      REDIS_URL: 'redis://r',
      HOST: '127.0.0.1',
      PORT: '4100',
    });
    expect(gateway?.env).not.toHaveProperty('DATABASE_URL');
    expect(registry?.env).toMatchObject({
      DATABASE_URL: 'postgresql://db',
      DSPY_NEST_LOCAL_MODEL_URL: 'http://127.0.0.1:4711/v1',
    });
    expect(registry?.env).not.toHaveProperty('PORT');
    expect(worker?.env).toMatchObject({ NATS_URL: 'nats://n', DSPY_NEST_WORKER_CONCURRENCY: '64' });
    expect(worker?.env).not.toHaveProperty('DATABASE_URL');
  });

  it('lets workers renew themselves and finish what they hold, and nobody else', () => {
    const config = readStartConfig({ DSPY_NEST_WORKER_DRAIN_GRACE_S: '5' }, '/repo');
    for (const [name, entry] of list({ config })) {
      expect([name, entry.renewsItself === true]).toEqual([name, name.startsWith('worker-')]);
    }
    expect(list({ config }).get('worker-1')).toMatchObject({
      env: { DSPY_NEST_WORKER_DRAIN_GRACE_S: '5' },
      stopGraceMs: 8_000,
    });
  });

  it('stops the door first, then who does the work, then what they need', () => {
    const order = [...list().values()].sort((a, b) => a.stopRank - b.stopRank).map(({ name }) => name);
    expect(order).toEqual(['gateway', 'optimization', 'worker-1', 'worker-2', 'execution', 'registry', 'local-model']);
  });
});

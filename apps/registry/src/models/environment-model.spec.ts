import { ConfigError, loadConfig } from '@dspy-nest/platform';
import { registrySettings, type RegistrySettings } from '../registry.settings';
import { environmentModel } from './environment-model';

const LOCAL_URL = 'http://127.0.0.1:9/v1';

function settings(environment: NodeJS.ProcessEnv): RegistrySettings {
  return loadConfig(registrySettings, {
    DATABASE_URL: 'postgres://127.0.0.1/dspy_nest',
    NATS_URL: 'nats://127.0.0.1:4222',
    DSPY_NEST_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    ...environment,
  });
}

describe('environmentModel', () => {
  it('is nothing when the environment names no model', () => {
    expect(environmentModel(settings({}))).toBeNull();
    expect(environmentModel(settings({ DSPY_NEST_LM_MODEL: 'alone', DSPY_NEST_LM_BASE_URL: '' }))).toBeNull();
  });

  it('is the bundled model where it runs, which costs nothing and takes a grammar', () => {
    expect(environmentModel(settings({ DSPY_NEST_LOCAL_MODEL_URL: LOCAL_URL }))).toEqual({
      model: 'smollm2-135m-instruct',
      baseUrl: LOCAL_URL,
      apiKey: null,
      format: 'completion',
      pricing: { inputPerMillionUsd: 0, outputPerMillionUsd: 0 },
      capabilities: { grammar: true, jsonSchema: true, parallelCalls: 4 },
    });
  });

  it("is the operator's endpoint before the bundled one, of unknown price", () => {
    const environment = {
      DSPY_NEST_LOCAL_MODEL_URL: LOCAL_URL,
      DSPY_NEST_LM_BASE_URL: 'https://models.example/v1',
      DSPY_NEST_LM_MODEL: 'big',
      DSPY_NEST_LM_API_KEY: 'sk-1',
    };
    expect(environmentModel(settings(environment))).toEqual({
      model: 'big',
      baseUrl: 'https://models.example/v1',
      apiKey: 'sk-1',
      format: 'chat',
      pricing: null,
      capabilities: { grammar: false, jsonSchema: false },
    });
  });

  it('needs no key', () => {
    const environment = { DSPY_NEST_LM_BASE_URL: 'http://127.0.0.1:8000/v1', DSPY_NEST_LM_MODEL: 'big' };
    expect(environmentModel(settings(environment))?.apiKey).toBeNull();
  });
});

describe('registrySettings', () => {
  it.each([
    [{ DSPY_NEST_LM_BASE_URL: 'https://models.example' }, 'DSPY_NEST_LM_MODEL'],
    [{ DSPY_NEST_LM_BASE_URL: 'models.example', DSPY_NEST_LM_MODEL: 'big' }, 'DSPY_NEST_LM_BASE_URL'],
    [{ DSPY_NEST_LOCAL_MODEL_URL: 'ftp://127.0.0.1' }, 'DSPY_NEST_LOCAL_MODEL_URL'],
    [{ DSPY_NEST_MODEL_NETWORKS: '10.0.0.0/8, intranet' }, '"intranet" is no network'],
    [{ DSPY_NEST_SECRET_KEY: 'c2hvcnQ=' }, 'DSPY_NEST_SECRET_KEY'],
    [{ DATABASE_URL: undefined }, 'DATABASE_URL'],
  ])('refuses %j by the name of the variable', (environment, variable) => {
    const load = (): unknown => settings(environment);
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(variable);
  });

  it('never repeats a secret', () => {
    const load = (): unknown =>
      settings({ DSPY_NEST_SECRET_KEY: 'c2hvcnQ=', DSPY_NEST_LM_API_KEY: 'sk-1'.repeat(500) });
    expect(load).toThrow(ConfigError);
    expect(load).not.toThrow(/c2hvcnQ|sk-1/);
  });
});

import { ModelConnectionV1, REQUESTS, type ModelV1 } from '@dspy-nest/contracts';
import { newContext } from '@dspy-nest/platform';
import { eventually } from '@dspy-nest/testing';
import { randomBytes } from 'node:crypto';
import { RegistryUnderTest } from './registry-under-test';

const API_KEY = 'sk-very-secret-key';
const LOCAL = { DSPY_NEST_LOCAL_MODEL_URL: 'http://127.0.0.1:9/v1' };
const OPERATED = {
  DSPY_NEST_LM_BASE_URL: 'https://models.example/v1',
  DSPY_NEST_LM_MODEL: 'big',
  DSPY_NEST_LM_API_KEY: API_KEY,
};

describe('models', () => {
  let registry: RegistryUnderTest;
  const create = (name: string, more: object = {}): Promise<ModelV1> =>
    registry.ask<ModelV1>(REQUESTS.modelCreate, { name, model: 'gpt', baseUrl: 'https://models.example/v1', ...more });
  const connect = ({ id, version }: ModelV1): Promise<ModelConnectionV1> =>
    registry.ask<ModelConnectionV1>(REQUESTS.modelConnect, { modelId: id, version });

  beforeAll(async () => {
    registry = await RegistryUnderTest.start({ environment: LOCAL });
  });
  afterAll(() => registry.stop());

  it('gives the key to who connects, and nobody else', async () => {
    const created = await create('keyed', {
      apiKey: API_KEY,
      pricing: { inputPerMillionUsd: 1, outputPerMillionUsd: null },
    });
    expect(created).toMatchObject({ name: 'keyed', version: 1, hasApiKey: true, format: 'chat' });
    const connection = await connect(created);
    expect(ModelConnectionV1.parse(connection)).toEqual(connection);
    expect(connection).toMatchObject({ id: created.id, model: 'gpt', apiKey: API_KEY });
    const shown = [
      created,
      await registry.ask(REQUESTS.modelGet, { name: 'keyed' }),
      await registry.ask(REQUESTS.modelList, {}),
      await registry.ask(REQUESTS.modelUpdate, { name: 'keyed', model: 'gpt-2' }),
      await eventually(async () => {
        const events = (await registry.events()).filter(({ event }) => event.data.id === created.id);
        expect(events).toHaveLength(2);
        return events;
      }),
      await registry.query('SELECT * FROM registry.models'),
    ];
    const text = JSON.stringify(shown);
    for (const form of [API_KEY, Buffer.from(API_KEY).toString('base64'), Buffer.from(API_KEY).toString('hex')]) {
      expect(text).not.toContain(form);
    }
  });

  it('changes in place: the version goes up, old versions connect to the present', async () => {
    const first = await create('changed', { apiKey: API_KEY });
    const second = await registry.ask<ModelV1>(REQUESTS.modelUpdate, { name: 'changed', model: 'gpt-2' });
    expect(second).toMatchObject({ id: first.id, version: 2, model: 'gpt-2', hasApiKey: true });
    expect(await registry.ask(REQUESTS.modelUpdate, { name: 'changed', model: 'gpt-2', apiKey: API_KEY })).toEqual(
      second,
    );
    expect(await connect(first)).toMatchObject({ version: 2, model: 'gpt-2', apiKey: API_KEY });
    await registry.ask(REQUESTS.modelUpdate, { name: 'changed', apiKey: null });
    expect(await connect(first)).toMatchObject({ version: 3, apiKey: null });
  });

  it.each([
    [{ baseUrl: 'ftp://models.example/v1' }, 'validation_failed', '/baseUrl'],
    [{ baseUrl: 'https://user:pass@models.example/v1' }, 'validation_failed', '/baseUrl'],
    [{ baseUrl: 'http://169.254.169.254/latest/meta-data' }, 'validation_failed', '/baseUrl'],
    [{ baseUrl: 'http://localhost:9/v1' }, 'validation_failed', '/baseUrl'],
    [{ format: 'yaml' }, 'validation_failed', '/format'],
    [{ name: 'Upper' }, 'validation_failed', '/name'],
    [{ model: 'a\0b' }, 'validation_failed', '/model'],
  ])('refuses %j', async (message, code, pointer) => {
    const whole = { name: 'refused', model: 'gpt', baseUrl: 'https://models.example/v1', ...message };
    const refused = await registry.refusal(REQUESTS.modelCreate, whole);
    expect(refused.code).toBe(code);
    expect(refused.details.errors?.map((item) => item.pointer)).toEqual([pointer]);
    expect(JSON.stringify(refused.details) + refused.message).not.toContain('user:pass');
  });

  it('trusts what the operator gave, wherever it is, and lets nobody move a model into this network', async () => {
    const made = await create('bundled-too', { baseUrl: LOCAL.DSPY_NEST_LOCAL_MODEL_URL });
    expect(await connect(made)).toMatchObject({ trusted: true });
    const moved = await registry.ask<ModelV1>(REQUESTS.modelUpdate, { name: made.name, baseUrl: 'https://8.8.8.8/v1' });
    expect(await connect(moved)).not.toHaveProperty('trusted');
    const back = { name: made.name, baseUrl: 'http://127.0.0.1:10/v1' };
    expect(await registry.refusal(REQUESTS.modelUpdate, back)).toMatchObject({
      code: 'validation_failed',
      message: expect.stringContaining('DSPY_NEST_MODEL_NETWORKS') as string,
    });
  });

  it('refuses a taken name, and what does not exist', async () => {
    await create('taken');
    const taken = { name: 'taken', model: 'x', baseUrl: 'https://models.example' };
    expect((await registry.refusal(REQUESTS.modelCreate, taken)).code).toBe('name_conflict');
    for (const subject of [REQUESTS.modelGet, REQUESTS.modelUpdate, REQUESTS.modelDelete]) {
      expect((await registry.refusal(subject, { name: 'absent' })).code).toBe('model_not_found');
    }
    expect((await registry.refusal(REQUESTS.modelConnect, { modelId: 'x'.repeat(36), version: 1 })).code).toBe(
      'model_not_found',
    );
  });

  it('is deleted unless a program asks for it now', async () => {
    await create('wanted');
    await registry.ask(REQUESTS.programCreate, { name: 'wanting', signature: 'a -> b', model: 'wanted' });
    const refused = await registry.refusal(REQUESTS.modelDelete, { name: 'wanted' });
    expect(refused).toMatchObject({ code: 'in_use', details: { programs: ['wanting'] } });
    const models = ['wanted'];
    await registry.ask(REQUESTS.programUpdate, { name: 'wanting', model: null, config: { models } });
    expect(await registry.refusal(REQUESTS.modelDelete, { name: 'wanted' })).toMatchObject({ code: 'in_use' });
    await registry.ask(REQUESTS.programUpdate, { name: 'wanting', config: {} });
    await registry.ask(REQUESTS.modelDelete, { name: 'wanted' });
    expect((await registry.refusal(REQUESTS.modelGet, { name: 'wanted' })).code).toBe('model_not_found');
  });

  it('does not let another tenant connect', async () => {
    const model = await create('private', { apiKey: API_KEY });
    const message = { modelId: model.id, version: 1 };
    expect((await registry.refusal(REQUESTS.modelConnect, message, newContext('other'))).code).toBe('model_not_found');
  });
});

describe('the model "default"', () => {
  let registry: RegistryUnderTest;
  const current = (): Promise<ModelV1> => registry.ask<ModelV1>(REQUESTS.modelGet, { name: 'default' });
  const restart = async (environment: NodeJS.ProcessEnv): Promise<ModelV1> => {
    await registry.stopReplicas();
    await registry.addReplica(environment);
    return current();
  };

  beforeEach(async () => {
    registry = await RegistryUnderTest.start({ environment: LOCAL });
  });
  afterEach(() => registry.stop());

  it('is the bundled model, in completion form and for nothing, and stays so', async () => {
    const bundled = await current();
    expect(bundled).toMatchObject({
      model: 'smollm2-135m-instruct',
      baseUrl: 'http://127.0.0.1:9/v1',
      version: 1,
      format: 'completion',
      hasApiKey: false,
      pricing: { inputPerMillionUsd: 0, outputPerMillionUsd: 0 },
      capabilities: { grammar: true, jsonSchema: true, parallelCalls: 4 },
    });
    expect(await restart(LOCAL)).toEqual(bundled);
  });

  it("is the operator's endpoint when there is one, with every change of it", async () => {
    const bundled = await current();
    const operated = await restart({ ...LOCAL, ...OPERATED });
    expect(operated).toMatchObject({
      id: bundled.id,
      version: 2,
      model: 'big',
      format: 'chat',
      hasApiKey: true,
      pricing: null,
    });
    expect(operated.capabilities).toEqual({ grammar: false, jsonSchema: false });
    expect(await restart(OPERATED)).toEqual(operated);
    expect(await restart({ ...OPERATED, DSPY_NEST_LM_API_KEY: 'sk-other' })).toMatchObject({ version: 3 });
  });

  it('is not the API to change while the environment defines it', async () => {
    for (const [subject, message] of [
      [REQUESTS.modelUpdate, { name: 'default', model: 'mine' }],
      [REQUESTS.modelDelete, { name: 'default' }],
    ] as const) {
      const refused = await registry.refusal(subject, message);
      expect(refused).toMatchObject({
        code: 'in_use',
        message: expect.stringContaining('DSPY_NEST_LM_BASE_URL') as string,
      });
    }
    await restart({});
    expect(await registry.ask(REQUESTS.modelUpdate, { name: 'default', model: 'mine' })).toMatchObject({
      model: 'mine',
    });
  });

  it('gets its key anew after the secret was lost, while other keys say what is wrong', async () => {
    await restart(OPERATED);
    const other = { name: 'other', model: 'x', baseUrl: 'https://models.example', apiKey: API_KEY };
    const { id, version } = await registry.ask<ModelV1>(REQUESTS.modelCreate, other);
    const lost = { ...OPERATED, DSPY_NEST_SECRET_KEY: randomBytes(32).toString('base64') };
    const mended = await restart(lost);
    expect(await registry.ask(REQUESTS.modelConnect, { modelId: mended.id, version: 1 })).toMatchObject({
      apiKey: API_KEY,
    });
    const refused = await registry.refusal(REQUESTS.modelConnect, { modelId: id, version });
    expect(refused).toMatchObject({
      code: 'internal',
      message: expect.stringContaining('DSPY_NEST_SECRET_KEY') as string,
    });
    await registry.ask(REQUESTS.modelUpdate, { name: 'other', apiKey: 'sk-new' });
    expect(await registry.ask(REQUESTS.modelConnect, { modelId: id, version })).toMatchObject({ apiKey: 'sk-new' });
  });
});

import { entityTag, healthOf, REQUESTS, type ModelV1, type Page, type ServiceHealthV1 } from '@dspy-nest/contracts';
import { newContext } from '@dspy-nest/platform';
import { eventually } from '@dspy-nest/testing';
import { RegistryUnderTest } from './registry-under-test';

const LOCAL = { DSPY_NEST_LOCAL_MODEL_URL: 'http://127.0.0.1:9/v1' };

describe('replicas', () => {
  let registry: RegistryUnderTest;

  beforeAll(async () => {
    registry = await RegistryUnderTest.start({ replicas: 3, environment: LOCAL });
  });
  afterAll(() => registry.stop());

  it('that start at once on an empty database migrate once and make one default model', async () => {
    const migrations = await registry.query<{ name: string }>('SELECT name FROM registry.migrations');
    expect(migrations.map(({ name }) => name)).toEqual([
      'CreateRegistry1763800000000',
      'CreateIdempotencyKeys1764100000000',
      'CreateDatasets1769500000000',
      'CreateDatasetImports1770200000000',
      'StratifyDatasets1770300000000',
    ]);
    const page = await registry.ask<Page<ModelV1>>(REQUESTS.modelList, {});
    expect(page.items).toMatchObject([{ name: 'default', version: 1 }]);
  });

  it.each([
    { entity: 'signature', name: 'Bound', made: { definition: 'a -> b' }, changed: { definition: 'a -> b, c' } },
    { entity: 'program', name: 'bound', made: { signature: 'a -> b' }, changed: { format: 'json' } },
    {
      entity: 'model',
      name: 'bound',
      made: { model: 'm', baseUrl: 'https://models.example/v1' },
      changed: { model: 'n' },
    },
  ] as const)('let one change of a $entity win, of those that its callers bound to what they saw', async (row) => {
    const { entity, name, made, changed } = row;
    const seen = await registry.ask<{ id: string; version: number }>(REQUESTS[`${entity}Create`], { name, ...made });
    const change = { name, ...changed, ifMatch: [entityTag(seen)] };
    const answers = await Promise.allSettled(
      Array.from({ length: 6 }, () => registry.ask(REQUESTS[`${entity}Update`], change)),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const removal = { name, ifMatch: [entityTag(seen)] };
    const refusal = await registry.refusal(REQUESTS[`${entity}Delete`], removal);
    expect(refusal).toMatchObject({ code: 'version_conflict', message: expect.stringContaining('version 2 now') });
    const now = { name, ifMatch: ['other', entityTag({ ...seen, version: 2 })] };
    expect(await registry.ask(REQUESTS[`${entity}Delete`], now)).toMatchObject({ name });
  });

  it('publish every event once between them, in the order of the changes of each', async () => {
    const names = Array.from({ length: 10 }, (_, index) => `Many${index}`);
    await Promise.all(
      names.map(async (name) => {
        await registry.ask(REQUESTS.signatureCreate, { name, definition: 'a -> b' });
        await registry.ask(REQUESTS.signatureDelete, { name });
      }),
    );
    const events = await eventually(async () => {
      const stored = (await registry.events()).filter(({ event }) => event.data.name.startsWith('Many'));
      expect(stored).toHaveLength(20);
      expect(await registry.query('SELECT 1 FROM registry.outbox')).toEqual([]);
      return stored;
    });
    expect(new Set(events.map(({ event }) => event.id)).size).toBe(20);
  });

  it('carry the tenant in every unique key but that of the outbox, which all tenants share', async () => {
    const keys = await registry.query<{ definition: string }>(
      `SELECT indexdef AS definition FROM pg_indexes
       WHERE schemaname = 'registry' AND indexdef LIKE '%UNIQUE%' AND tablename NOT IN ('outbox', 'migrations')`,
    );
    expect(keys.length).toBeGreaterThanOrEqual(9);
    for (const { definition } of keys) expect(definition).toMatch(/\(tenant, /);
  });

  it('refuse a tenant that cannot be', async () => {
    const refused = await registry.refusal(REQUESTS.modelList, {}, { ...newContext(), tenant: "x' OR 1=1" });
    expect(refused.code).toBe('validation_failed');
  });

  it('are healthy while they have what they need', async () => {
    const health = await registry.ask<ServiceHealthV1>(healthOf('registry'), {});
    expect(health).toMatchObject({
      service: 'registry',
      checks: [
        { name: 'database', healthy: true },
        { name: 'events', healthy: true },
      ],
    });
  });
});

describe('a replica', () => {
  it('says that its database is gone, and goes on when NATS alone is asked', async () => {
    const registry = await RegistryUnderTest.start();
    try {
      await registry.database.drop();
      const health = await registry.ask<ServiceHealthV1>(healthOf('registry'), {});
      expect(health.checks).toMatchObject([
        { name: 'database', healthy: false },
        { name: 'events', healthy: true },
      ]);
    } finally {
      await registry.stop();
    }
  });

  it('answers what it has begun before it stops', async () => {
    const registry = await RegistryUnderTest.start();
    try {
      const names = Array.from({ length: 20 }, (_, index) => `Last${index}`);
      const answers = Promise.allSettled(
        names.map((name) => registry.ask<{ name: string }>(REQUESTS.signatureCreate, { name, definition: 'a -> b' })),
      );
      await registry.nats.connection.flush();
      await registry.stopReplicas();
      const created = (await answers).filter(({ status }) => status === 'fulfilled').length;
      const [{ count } = { count: -1 }] = await registry.query<{ count: number }>(
        'SELECT count(*)::int FROM registry.signatures',
      );
      expect(created).toBe(count);
    } finally {
      await registry.stop();
    }
  });
});

import { metricsOf, REQUESTS, subgraphOf, type MetricV1, type Page, type SubgraphV1 } from '@dspy-nest/contracts';
import { newContext } from '@dspy-nest/platform';
import { eventually } from '@dspy-nest/testing';
import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { OptimizationUnderTest } from './optimization-under-test';

const EXACT = { kind: 'exact', field: 'answer' };
const LABEL = { kind: 'label', field: 'team' };

describe('metrics', () => {
  let service: OptimizationUnderTest;
  const create = (name: string, definition: object = EXACT, ctx = newContext()): Promise<MetricV1> =>
    service.ask<MetricV1>(REQUESTS.metricCreate, { name, definition }, ctx);

  beforeAll(async () => {
    service = await OptimizationUnderTest.start({ replicas: 2 });
  }, 60_000);
  afterAll(() => service.stop());

  it('creates version 1, tells of it, and reads it back', async () => {
    const created = await create('created');
    expect(created).toMatchObject({ name: 'created', version: 1, kind: 'exact', definition: EXACT, description: null });
    expect(await service.ask(REQUESTS.metricGet, { name: 'created' })).toEqual(created);
    const subject = 'dspy.evt.default.optimization.metric.created.v1';
    await eventually(async () =>
      expect(await service.events()).toContainEqual(
        expect.objectContaining({
          subject,
          event: expect.objectContaining({ data: { id: created.id, name: 'created', version: 1 } }) as object,
        }),
      ),
    );
  });

  it('makes a new version of a change, keeps the former, and none of what says the same', async () => {
    const first = await create('changed');
    const second = await service.ask<MetricV1>(REQUESTS.metricUpdate, { name: 'changed', definition: LABEL });
    expect(second).toMatchObject({ id: first.id, version: 2, kind: 'label' });
    const reordered = { field: 'team', kind: 'label' };
    expect(await service.ask(REQUESTS.metricUpdate, { name: 'changed', definition: reordered })).toEqual(second);
    expect(await service.ask(REQUESTS.metricGet, { name: 'changed', version: 1 })).toEqual(first);
    const versions = await service.ask<Page<MetricV1>>(REQUESTS.metricVersions, { name: 'changed' });
    expect(versions).toEqual({ items: [second, first], nextCursor: null });
  });

  it('never changes a version, whoever asks the database', async () => {
    await create('immutable');
    await expect(service.query(`UPDATE optimization.metric_versions SET kind = 'label'`)).rejects.toThrow(/immutable/);
  });

  it('refuses a definition that is no metric, each fault in its place', async () => {
    const parts = [{ weight: 0, metric: { kind: 'exat' } }];
    const error = await service.refusal(REQUESTS.metricCreate, {
      name: 'wrong',
      definition: { kind: 'composite', parts },
    });
    expect(error.code).toBe('invalid_metric');
    expect(error.details['errors']).toMatchObject([
      { pointer: '/definition/parts/0/weight' },
      { pointer: '/definition/parts/0/metric/kind' },
    ]);
  });

  it('refuses a name that is taken, an unknown one, and a change of what the caller did not see', async () => {
    await create('taken');
    expect(await service.refusal(REQUESTS.metricCreate, { name: 'taken', definition: LABEL })).toMatchObject({
      code: 'name_conflict',
    });
    expect(await service.refusal(REQUESTS.metricGet, { name: 'nobody' })).toMatchObject({ code: 'metric_not_found' });
    expect(await service.refusal(REQUESTS.metricGet, { name: 'taken', version: 9 })).toMatchObject({
      code: 'metric_not_found',
    });
    const unseen = { name: 'taken', definition: LABEL, ifMatch: ['01930000-0000-7000-8000-000000000003.1'] };
    expect(await service.refusal(REQUESTS.metricUpdate, unseen)).toMatchObject({ code: 'version_conflict' });
  });

  it('creates once for a key, whichever replica is asked', async () => {
    const ctx = { ...newContext(), idempotencyKey: 'metric-1' };
    const answers = await Promise.all([1, 2, 3, 4].map(() => create('keyed', EXACT, ctx)));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(await service.refusal(REQUESTS.metricCreate, { name: 'keyed', definition: LABEL }, ctx)).toMatchObject({
      code: 'idempotency_key_reused',
    });
  });

  it('keeps tenants apart', async () => {
    await create('mine');
    const other = newContext('other');
    expect(await service.refusal(REQUESTS.metricGet, { name: 'mine' }, other)).toMatchObject({
      code: 'metric_not_found',
    });
    expect((await create('mine', LABEL, other)).version).toBe(1);
  });

  it('has a subgraph that composes, in which they are made, changed and paged', async () => {
    const { name, url, sdl } = await service.ask<SubgraphV1>(subgraphOf('optimization'), {});
    expect(composeServices([{ name, url, typeDefs: parse(sdl) }]).errors).toBeUndefined();
    const made = await service.graphql<{ createMetric: { version: number } }>(
      'mutation ($input: CreateMetricInput!) { createMetric(input: $input) { id version kind definition } }',
      { input: { name: 'by-graphql', definition: EXACT } },
    );
    expect(made).toMatchObject({ data: { createMetric: { version: 1, kind: 'exact', definition: EXACT } } });
    await service.graphql('mutation ($input: UpdateMetricInput!) { updateMetric(input: $input) { version } }', {
      input: { name: 'by-graphql', description: 'Word for word.' },
    });
    const read = await service.graphql(
      `{ metric(name: "by-graphql") { version versions(first: 1) { edges { node { version } } pageInfo { hasNextPage } } }
         metrics(filter: { name: { eq: "by-graphql" } }) { edges { node { description } } } }`,
    );
    expect(read).toEqual({
      data: {
        metric: { version: 2, versions: { edges: [{ node: { version: 2 } }], pageInfo: { hasNextPage: true } } },
        metrics: { edges: [{ node: { description: 'Word for word.' } }] },
      },
    });
  });

  it('measures itself', async () => {
    const texts = await service.client.requestAll<string>(
      newContext(),
      metricsOf('optimization'),
      {},
      { timeoutMs: 2_000 },
    );
    expect(texts[0]).toMatch(/^process_resident_memory_bytes\{service="optimization",/m);
  });
});

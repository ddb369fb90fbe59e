import {
  ConflictError,
  DspyNest,
  EvaluationFailedError,
  NotFoundError,
  OptimizationFailedError,
  type NewOptimization,
} from '@dspy-nest/client';
import { REQUESTS } from '@dspy-nest/contracts';
import { GatewayUnderTest } from './gateway-under-test';
import { ScriptedError } from './scripted-services';

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
}, 60_000);
afterAll(() => gateway.stop());

describe('/v1/metrics', () => {
  const METRIC = { name: 'right-team', definition: { kind: 'label', field: 'team' } };
  const stored = { id: '1', ...METRIC, version: 2 };

  it('creates, changes, and reads any version', async () => {
    await gateway.services.on(REQUESTS.metricCreate, () => stored);
    await gateway.services.on(REQUESTS.metricUpdate, () => stored);
    await gateway.services.on(REQUESTS.metricGet, () => stored);
    expect(await gateway.send('POST', '/v1/metrics', METRIC)).toMatchObject({ status: 201, body: stored });
    expect(gateway.services.last(REQUESTS.metricCreate).message).toEqual(METRIC);
    const change = { definition: { kind: 'exact' } };
    await gateway.send('PATCH', '/v1/metrics/right-team', change, { 'if-match': '"1.1"' });
    expect(gateway.services.last(REQUESTS.metricUpdate).message).toEqual({
      ...change,
      name: 'right-team',
      ifMatch: ['1.1'],
    });
    expect((await gateway.get('/v1/metrics/right-team?version=2')).headers.get('etag')).toBe('"1.2"');
    expect(gateway.services.last(REQUESTS.metricGet).message).toEqual({ name: 'right-team', version: 2 });
  });

  it('lists metrics, and the versions of one', async () => {
    const page = { items: [stored], nextCursor: null };
    await gateway.services.on(REQUESTS.metricList, () => page);
    await gateway.services.on(REQUESTS.metricVersions, () => page);
    expect(await gateway.get('/v1/metrics?filter[kind][eq]=label')).toMatchObject({ status: 200, body: page });
    expect(await gateway.get('/v1/metrics/right-team/versions?limit=1')).toMatchObject({ status: 200, body: page });
    expect(gateway.services.last(REQUESTS.metricVersions).message).toEqual({ name: 'right-team', limit: 1 });
  });

  it.each([
    [{ ...METRIC, name: 'RightTeam' }, '/name'],
    [{ name: 'right-team', definition: 'label' }, '/definition'],
    [{ name: 'right-team' }, '/definition'],
    [{ ...METRIC, kind: 'label' }, '/kind'],
  ])('refuses %j', async (body, pointer) => {
    const answer = await gateway.send('POST', '/v1/metrics', body);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
  });

  it('knows no metric of an impossible name', async () => {
    expect(await gateway.get('/v1/metrics/No')).toMatchObject({ status: 404, body: { code: 'metric_not_found' } });
  });
});

describe('/v1/evaluations', () => {
  const ID = '01990a4e-6b1c-7cc3-98a1-3f0e5b7c2d12';
  const BASELINE = '01990a4e-6b1c-7cc3-98a1-3f0e5b7c2d13';
  const EXAMPLE = { inputs: { ticket: 'Where is it?' }, expected: { team: 'shipping' } };
  const REQUEST = { program: 'route-ticket', metric: 'right-team', examples: [EXAMPLE], level: 0.9, seed: 7 };

  it('accepts one and says where it is', async () => {
    await gateway.services.on(REQUESTS.evaluationCreate, () => ({ id: ID, status: 'queued' }));
    const { status, headers } = await gateway.send('POST', '/v1/evaluations', REQUEST, { 'idempotency-key': 'one' });
    expect([status, headers.get('location')]).toEqual([202, `/v1/evaluations/${ID}`]);
    const { message, headers: told } = gateway.services.last(REQUESTS.evaluationCreate);
    expect(message).toEqual(REQUEST);
    expect(told['dspy-idempotency-key']).toBe('one');
  });

  it('accepts one on a dataset', async () => {
    await gateway.services.on(REQUESTS.evaluationCreate, () => ({ id: ID, status: 'queued' }));
    const { examples: _, ...rest } = REQUEST;
    const request = { ...rest, dataset: 'tickets', datasetVersion: 3, split: 'test' };
    expect(await gateway.send('POST', '/v1/evaluations', request)).toMatchObject({ status: 202 });
    expect(gateway.services.last(REQUESTS.evaluationCreate).message).toEqual(request);
  });

  it('reads, lists, cancels and compares', async () => {
    const page = { items: [{ id: ID }], nextCursor: null };
    await gateway.services.on(REQUESTS.evaluationGet, () => ({ id: ID }));
    await gateway.services.on(REQUESTS.evaluationList, () => page);
    await gateway.services.on(REQUESTS.evaluationCancel, () => ({ id: ID, status: 'cancelling' }));
    await gateway.services.on(REQUESTS.evaluationCompare, () => ({ verdict: 'improved' }));
    expect(await gateway.get(`/v1/evaluations/${ID}`)).toMatchObject({ status: 200, body: { id: ID } });
    expect(await gateway.get('/v1/evaluations?filter[score][gte]=0.5')).toMatchObject({ status: 200, body: page });
    expect(await gateway.send('POST', `/v1/evaluations/${ID}/cancel`)).toMatchObject({ status: 202 });
    const compared = await gateway.get(`/v1/evaluations/${ID}/comparison?baseline=${BASELINE}`);
    expect(compared).toMatchObject({ status: 200, body: { verdict: 'improved' } });
    expect(gateway.services.last(REQUESTS.evaluationCompare).message).toEqual({ id: ID, baseline: BASELINE });
    expect(await gateway.get(`/v1/evaluations/${ID}/comparison`)).toMatchObject({ status: 404 });
  });

  it('streams results from page to page', async () => {
    await gateway.services.on(REQUESTS.evaluationResults, ({ message }) => {
      const index = Number(message['after'] ?? -1) + 1;
      return { items: [{ index, score: 1 }], more: index < 2, status: 'running' };
    });
    const { text, headers } = await gateway.getRaw(`/v1/evaluations/${ID}/results`, {});
    expect([headers['content-type'], headers['evaluation-status']]).toEqual(['application/x-ndjson', 'running']);
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { index: number }).index),
    ).toEqual([0, 1, 2]);
  });

  it.each([
    [{ ...REQUEST, examples: [] }, '/examples'],
    [{ ...REQUEST, examples: [{ inputs: {} }] }, '/examples/0/expected'],
    [{ ...REQUEST, level: 1 }, '/level'],
    [{ ...REQUEST, split: 'dev' }, '/split'],
    [{ ...REQUEST, metric: undefined }, '/metric'],
  ])('refuses %j', async (body, pointer) => {
    const answer = await gateway.send('POST', '/v1/evaluations', body);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
  });
});

describe('/v1/optimizations', () => {
  const ID = '01990a4e-6b1c-7cc3-98a1-3f0e5b7c2d14';
  const REQUEST = {
    program: 'route-ticket',
    dataset: 'tickets',
    metric: 'right-team',
    optimizer: { name: 'LabeledFewShot', settings: { k: 12 } },
    seed: 7,
  };

  it('accepts one and says where it is', async () => {
    await gateway.services.on(REQUESTS.optimizationCreate, () => ({ id: ID, status: 'queued' }));
    const { status, headers } = await gateway.send('POST', '/v1/optimizations', REQUEST, { 'idempotency-key': 'one' });
    expect([status, headers.get('location')]).toEqual([202, `/v1/optimizations/${ID}`]);
    expect(gateway.services.last(REQUESTS.optimizationCreate).message).toEqual(REQUEST);
  });

  it('reads, lists, stops, cancels, and tells what was tried and said', async () => {
    const page = { items: [{ id: ID }], nextCursor: null };
    const found = { items: [{ number: 6 }], nextAfter: null };
    await gateway.services.on(REQUESTS.optimizationGet, () => ({ id: ID }));
    await gateway.services.on(REQUESTS.optimizationList, () => page);
    await gateway.services.on(REQUESTS.optimizationStop, () => ({ id: ID, status: 'stopping' }));
    await gateway.services.on(REQUESTS.optimizationCancel, () => ({ id: ID, status: 'cancelled' }));
    await gateway.services.on(REQUESTS.optimizationTrials, () => found);
    await gateway.services.on(REQUESTS.optimizationLog, () => found);
    expect(await gateway.get(`/v1/optimizations/${ID}`)).toMatchObject({ status: 200, body: { id: ID } });
    expect(await gateway.get('/v1/optimizations?filter[optimizer][eq]=GEPA')).toMatchObject({ body: page });
    expect(await gateway.send('POST', `/v1/optimizations/${ID}/stop`)).toMatchObject({ status: 202 });
    expect(await gateway.send('POST', `/v1/optimizations/${ID}/cancel`)).toMatchObject({ status: 202 });
    await gateway.services.on(REQUESTS.optimizationPublish, () => ({ id: ID }));
    await gateway.services.on(REQUESTS.optimizationDiff, () => ({ predictors: [], text: '' }));
    const override = { reason: 'It is shorter.' };
    expect(await gateway.send('POST', `/v1/optimizations/${ID}/publish`, { override })).toMatchObject({ status: 200 });
    expect(gateway.services.last(REQUESTS.optimizationPublish).message).toEqual({ id: ID, override });
    const silent = await gateway.send('POST', `/v1/optimizations/${ID}/publish`, { override: { reason: '' } });
    expect(silent).toMatchObject({ status: 422, body: { errors: [{ pointer: '/override/reason' }] } });
    expect(await gateway.get(`/v1/optimizations/${ID}/diff`)).toMatchObject({ status: 200, body: { text: '' } });
    expect(await gateway.get(`/v1/optimizations/${ID}/trials?after=5`)).toMatchObject({ status: 200, body: found });
    expect(gateway.services.last(REQUESTS.optimizationTrials).message).toEqual({ id: ID, after: 5 });
    expect(await gateway.get(`/v1/optimizations/${ID}/log?limit=0`)).toMatchObject({ status: 422 });
    expect(await gateway.get('/v1/optimizations/no')).toMatchObject({ body: { code: 'optimization_not_found' } });
  });

  it.each([
    [{ ...REQUEST, optimizer: 'GEPA' }, '/optimizer'],
    [{ ...REQUEST, dataset: undefined }, '/dataset'],
    [{ ...REQUEST, seed: -1 }, '/seed'],
  ])('refuses %j', async (body, pointer) => {
    const answer = await gateway.send('POST', '/v1/optimizations', body);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
  });
});

describe('the client', () => {
  const ID = '01990a4e-6b1c-7cc3-98a1-3f0e5b7c2d12';
  let nest: DspyNest;
  beforeAll(() => {
    nest = new DspyNest({ url: gateway.url, retry: { maxAttempts: 2, baseDelayMs: 1 } });
  });
  const sent = (subject: string): Record<string, unknown> => gateway.services.last(subject).message;

  it('makes a dataset, adds to it and goes through its examples', async () => {
    const dataset = { id: ID, name: 'tickets', version: 2 };
    await gateway.services.on(REQUESTS.datasetCreate, () => dataset);
    await gateway.services.on(REQUESTS.datasetGet, () => dataset);
    await gateway.services.on(REQUESTS.datasetAppend, () => ({ ...dataset, report: { added: 1 } }));
    await gateway.services.on(REQUESTS.datasetExamples, ({ message }) => {
      const number = Number(message['after']) + 1;
      return { items: [{ number }], nextAfter: number < 3 ? number : null };
    });
    const made = { name: 'tickets', signature: 'RouteTicket', splits: { seed: 1, validation: 0.1, test: 0.2 } };
    expect(await nest.datasets.create(made)).toMatchObject(dataset);
    expect(sent(REQUESTS.datasetCreate)).toEqual(made);
    const rows = [{ inputs: { ticket: 'a' }, outputs: { team: 'billing' } }];
    expect((await nest.datasets.add('tickets', rows, { onInvalid: 'skip' })).report.added).toBe(1);
    expect(sent(REQUESTS.datasetAppend)).toMatchObject({ name: 'tickets', rows, onInvalid: 'skip' });
    expect(gateway.services.last(REQUESTS.datasetAppend).headers['dspy-idempotency-key']).toMatch(/^\w{32}$/);
    const numbers: number[] = [];
    for await (const { number } of nest.datasets.examples('tickets', { split: 'test' })) numbers.push(number);
    expect(numbers).toEqual([1, 2, 3]);
    expect(sent(REQUESTS.datasetExamples)).toEqual({
      name: 'tickets',
      version: 2,
      split: 'test',
      after: 2,
      limit: 200,
    });
  });

  it('imports a file', async () => {
    const fields = { inputs: ['ticket'], outputs: ['team'] };
    await gateway.services.on(REQUESTS.datasetImportCreate, () => ({ fields }));
    await gateway.services.on(REQUESTS.datasetImportAppend, () => ({}));
    await gateway.services.on(REQUESTS.datasetImportClose, () => ({ version: 3, report: { added: 1 } }));
    const columns = { ticket: 'Text', team: 'Team' };
    const file = new Blob(['Text,Team\nTwice,billing\n']);
    const imported = await nest.datasets.importFile('tickets', file, { format: 'csv', columns, onInvalid: 'skip' });
    expect(imported).toMatchObject({ version: 3, report: { added: 1 } });
    expect(sent(REQUESTS.datasetImportCreate)).toMatchObject({ name: 'tickets', onInvalid: 'skip' });
    expect(sent(REQUESTS.datasetImportAppend)['rows']).toMatchObject([
      { inputs: { ticket: 'Twice' }, outputs: { team: 'billing' } },
    ]);
  });

  it('evaluates, waits with progress, and reads results and comparison', async () => {
    const states = ['queued', 'running', 'completed'];
    await gateway.services.on(REQUESTS.metricCreate, ({ message }) => ({ ...message, version: 1 }));
    await gateway.services.on(REQUESTS.evaluationCreate, () => ({ id: ID }));
    await gateway.services.on(REQUESTS.evaluationGet, () => ({ id: ID, status: states.shift() }));
    await gateway.services.on(REQUESTS.evaluationResults, ({ message }) => {
      const index = Number(message['after'] ?? -1) + 1;
      return { items: index < 3 ? [{ index }] : [], more: false, status: index < 3 ? 'running' : 'completed' };
    });
    await gateway.services.on(REQUESTS.evaluationCompare, () => ({ verdict: 'improved' }));
    const definition = { kind: 'label', field: 'team' };
    expect(await nest.metrics.create({ name: 'right-team', definition })).toMatchObject({ version: 1, definition });
    const asked = { program: 'route-ticket', metric: 'right-team', dataset: 'tickets', split: 'test' } as const;
    const { id } = await nest.evaluations.create(asked);
    expect(sent(REQUESTS.evaluationCreate)).toEqual(asked);
    const seen: string[] = [];
    await nest.evaluations.wait(id, { onProgress: ({ status }) => seen.push(status) });
    expect(seen).toEqual(['queued', 'running', 'completed']);
    const places: number[] = [];
    for await (const { index } of nest.evaluations.results(id)) places.push(index);
    expect(places).toEqual([0, 1, 2]);
    expect(await nest.evaluations.compare(id, ID)).toEqual({ verdict: 'improved' });
  });

  it('tells of what is not there, and of an evaluation that failed', async () => {
    const error = { code: 'not_evaluable', message: 'No.', retryable: false, details: {} };
    await gateway.services.on(REQUESTS.evaluationGet, () => ({ id: ID, status: 'failed', error }));
    const failed = nest.evaluations.wait(ID);
    await expect(failed).rejects.toThrow(EvaluationFailedError);
    await expect(failed).rejects.toMatchObject({ code: 'not_evaluable', evaluation: { id: ID } });
    await expect(nest.metrics.get('No')).rejects.toThrow(NotFoundError);
  });

  it('has a program optimised, waits with progress, and stops with the best', async () => {
    const states = ['running', 'completed'];
    await gateway.services.on(REQUESTS.optimizationCreate, () => ({ id: ID, status: 'queued' }));
    await gateway.services.on(REQUESTS.optimizationStop, () => ({ id: ID, status: 'stopping' }));
    await gateway.services.on(REQUESTS.optimizationGet, () => ({ id: ID, status: states.shift(), stoppedEarly: true }));
    await gateway.services.on(REQUESTS.optimizationList, () => ({ items: [{ id: ID }], nextCursor: null }));
    const optimizer = { name: 'LabeledFewShot', settings: { k: 12 } } as const;
    const asked: NewOptimization = { program: 'route', metric: 'right-team', dataset: 'tickets', optimizer, seed: 7 };
    const { id } = await nest.optimizations.create(asked, { idempotencyKey: 'mine' });
    const { message, headers } = gateway.services.last(REQUESTS.optimizationCreate);
    expect([message, headers['dspy-idempotency-key']]).toEqual([asked, 'mine']);
    const seen: string[] = [];
    const waiting = nest.optimizations.wait(id, { onProgress: ({ status }) => seen.push(status) });
    expect(await nest.optimizations.stop(id)).toMatchObject({ status: 'stopping' });
    expect(await waiting).toMatchObject({ status: 'completed', stoppedEarly: true });
    expect(seen).toEqual(['running', 'completed']);
    const listed = await nest.optimizations.list({ filter: { optimizer: { eq: 'GEPA' } }, limit: 1 });
    expect(listed.items.map((one) => one.id)).toEqual([ID]);
    expect(sent(REQUESTS.optimizationList)).toMatchObject({ filter: { optimizer: { eq: 'GEPA' } }, limit: 1 });
  });

  it('reads what an optimisation tried and what DSPy warned of', async () => {
    await gateway.services.on(REQUESTS.optimizationTrials, () => ({ items: [{ number: 2 }], nextAfter: null }));
    await gateway.services.on(REQUESTS.optimizationLog, () => ({ items: [{ text: 'Hm.' }], nextAfter: 1 }));
    expect((await nest.optimizations.trials(ID, { after: 1 })).items[0]?.number).toBe(2);
    expect(sent(REQUESTS.optimizationTrials)).toEqual({ id: ID, after: 1 });
    expect(await nest.optimizations.log(ID, { limit: 1 })).toMatchObject({ items: [{ text: 'Hm.' }], nextAfter: 1 });
    expect(sent(REQUESTS.optimizationLog)).toEqual({ id: ID, limit: 1 });
  });

  it('publishes what was found, and what is not shown to be better only for a reason', async () => {
    const unproven = new ScriptedError('candidate_unproven');
    await gateway.services.on(REQUESTS.optimizationDiff, () => ({ predictors: [], text: '+ Route it.' }));
    await gateway.services.on(REQUESTS.optimizationPublish, ({ message: { override = null } }) => {
      if (override === null) throw unproven;
      return { id: ID, publication: { override } };
    });
    expect((await nest.optimizations.diff(ID)).text).toBe('+ Route it.');
    const refused = nest.optimizations.publish(ID);
    await expect(refused).rejects.toThrow(ConflictError);
    await expect(refused).rejects.toMatchObject({ code: 'candidate_unproven', status: 409, retryable: false });
    expect(sent(REQUESTS.optimizationPublish)).toEqual({ id: ID });
    const { publication } = await nest.optimizations.publish(ID, { overrideReason: 'It is shorter.' });
    expect(publication?.override).toEqual({ reason: 'It is shorter.' });
  });

  it('tells of an optimisation that was cancelled', async () => {
    const cancelled = { id: ID, status: 'cancelled', error: null };
    await gateway.services.on(REQUESTS.optimizationCancel, () => cancelled);
    await gateway.services.on(REQUESTS.optimizationGet, () => cancelled);
    expect(await nest.optimizations.cancel(ID)).toMatchObject({ status: 'cancelled' });
    const ended = nest.optimizations.wait(ID);
    await expect(ended).rejects.toThrow(OptimizationFailedError);
    await expect(ended).rejects.toMatchObject({ code: 'cancelled', optimization: { id: ID } });
    await gateway.services.on(REQUESTS.optimizationCancel, () => {
      throw new ScriptedError('optimization_finished');
    });
    await expect(nest.optimizations.cancel(ID)).rejects.toMatchObject({
      name: 'ConflictError',
      code: 'optimization_finished',
    });
    await expect(nest.optimizations.get('no')).rejects.toThrow(NotFoundError);
  });
});

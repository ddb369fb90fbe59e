import {
  optimizationJobSubject,
  REQUESTS,
  SIGNALS,
  STREAMS,
  type CloudEvent,
  type OptimizationDiffV1,
  type OptimizationJobV1,
  type OptimizationLogV1,
  type OptimizationOrderV1,
  type OptimizationOutcomeV1,
  type OptimizationProgressV1,
  type OptimizationTaskV1,
  type OptimizationTrial,
  type OptimizationTrialsV1,
  type OptimizationV1,
  type Page,
} from '@dspy-nest/contracts';
import { newContext } from '@dspy-nest/platform';
import { eventually } from '@dspy-nest/testing';
import { OptimizationUnderTest } from './optimization-under-test';
import { ScriptedExecution } from './scripted-execution';
import { ScriptedRegistry } from './scripted-registry';

const PARENT = { demos: [], signature: { instructions: 'Route.' } };
const STATE = { demos: [{ ticket: 'x', team: 'billing' }], signature: { instructions: 'Route.' } };
const BETTER = { best: { trial: 2, score: 0.75, state: STATE } };
const USAGE = { promptTokens: 100, completionTokens: 10, costUsd: null };

const trial = (number: number, score: number, bestScore = score): OptimizationTrial => ({
  number,
  score,
  bestScore,
  isFull: true,
  examples: 300,
  planned: 4,
  calls: number * 300,
  elapsedMs: number * 10,
  usage: { ...USAGE, promptTokens: number * 100 },
});

describe('optimisations', () => {
  let service: OptimizationUnderTest;
  let registry: ScriptedRegistry;
  let execution: ScriptedExecution;
  const request = (rest: object = {}): object => ({
    program: 'route',
    dataset: 'tickets',
    metric: 'right-team',
    seed: 7,
    optimizer: { name: 'BootstrapFewShotWithRandomSearch', settings: { numCandidates: 2 } },
    ...rest,
  });
  const create = (rest: object = {}, ctx = newContext()): Promise<OptimizationV1> =>
    service.ask(REQUESTS.optimizationCreate, request(rest), ctx);
  const read = (id: string): Promise<OptimizationV1> => service.ask(REQUESTS.optimizationGet, { id });
  const job = (id: string): Promise<OptimizationJobV1> =>
    eventually(async () => {
      const query = { last_by_subj: optimizationJobSubject('default', id) };
      const stored = await service.nats.manager.streams.getMessage(STREAMS.optimizations, query);
      expect(stored).not.toBeNull();
      return stored!.json<CloudEvent<OptimizationJobV1>>().data;
    });
  const over = (id: string): Promise<OptimizationV1> =>
    eventually(async () => {
      const found = await read(id);
      expect(found.finishedAt).not.toBeNull();
      return found;
    });
  const verbsOf = (id: string, last: string): Promise<string[]> =>
    eventually(async () => {
      const told = (await service.events()).filter(({ event }) => event.subject === id);
      const verbs = told.map(({ event }) => event.type.split('.')[2]!);
      expect(verbs.at(-1)).toBe(last);
      return verbs;
    });
  const tell = (id: string, rest: Partial<OptimizationProgressV1> = {}): Promise<OptimizationOrderV1> => {
    const attempt = { optimizationId: id, epoch: 1, attempt: 1, worker: 'w1' };
    const spent = { calls: 0, usage: USAGE, ...rest.trials?.at(-1) };
    const { calls, usage } = { ...spent, ...rest };
    const told = { ...attempt, trials: [], messages: [], best: null, ...rest, calls, usage };
    return service.ask(REQUESTS.optimizationProgress, told);
  };
  const bring = (id: string, rest: Partial<OptimizationOutcomeV1> = {}): Promise<null> =>
    service.ask(REQUESTS.optimizationComplete, {
      optimizationId: id,
      epoch: 1,
      attempt: 1,
      worker: 'w1',
      status: 'succeeded',
      error: null,
      parent: { trial: 1, score: 0.5, state: PARENT },
      best: { trial: 1, score: 0.5, state: PARENT },
      usage: USAGE,
      calls: 600,
      versions: { dspy: '3' },
      ...rest,
    });

  beforeAll(async () => {
    service = await OptimizationUnderTest.start();
    registry = await ScriptedRegistry.connect(service.servers.natsUrl);
    execution = await ScriptedExecution.connect(service.servers.natsUrl, { isRegistry: false });
    await service.ask(REQUESTS.metricCreate, { name: 'right-team', definition: { kind: 'label', field: 'team' } });
    await service.ask(REQUESTS.metricCreate, { name: 'right-why', definition: { kind: 'exact', field: 'why' } });
  }, 60_000);
  afterAll(async () => {
    await service.stop();
    await registry.stop();
    await execution.stop();
  });

  it('gives a worker all of train and validation, and no example of test', async () => {
    const made = await create();
    expect(made).toMatchObject({
      status: 'queued',
      program: 'route',
      version: 1,
      dataset: 'tickets',
      datasetVersion: 2,
      metricVersion: 1,
      model: 'default',
      modelVersion: 3,
      format: 'json',
      seed: 7,
      threads: 4,
      examples: { train: 300, validation: 300, test: 300 },
      progress: { trials: 0, fraction: null },
    });
    const task = await service.ask<OptimizationTaskV1>(REQUESTS.optimizationTaskGet, await job(made.id));
    expect([task.train.length, task.validation.length, task.seed]).toEqual([300, 300, 7]);
    expect(task.metric).toEqual({ kind: 'label', field: 'team' });
    const test = new Set(
      registry.examples.filter(({ split }) => split === 'test').map(({ inputs }) => inputs['ticket']),
    );
    const given = [...task.train, ...task.validation].map(({ inputs }) => inputs['ticket']);
    expect(given.filter((ticket) => test.has(ticket))).toEqual([]);
    expect(new Set(registry.asked.map(({ split }) => split))).toEqual(new Set(['train', 'validation']));
    const smuggle = service.query(
      `INSERT INTO optimization.optimization_examples VALUES ('default', $1, 'test', 9999, '{}', '{}')`,
      [made.id],
    );
    await expect(smuggle).rejects.toThrow(/optimization_examples_split_check/);
  });

  it('follows a run trial by trial, each once however often it is told, to its end', async () => {
    const { id } = await create();
    await job(id);
    const best = { trial: 2, score: 0.75, state: STATE };
    const at = new Date().toISOString();
    const told = { trials: [trial(1, 0.5), trial(2, 0.75)], best, messages: [{ at, text: 'Beware.' }] };
    expect(await tell(id, told)).toEqual({ order: 'go_on' });
    expect(await tell(id, { ...told, trials: [trial(2, 0.75), trial(3, 0.6, 0.75)] })).toEqual({ order: 'go_on' });
    expect(await read(id)).toMatchObject({
      status: 'running',
      worker: 'w1',
      attempt: 1,
      parentScore: 0.5,
      best: { trial: 2, score: 0.75 },
      progress: { trials: 3, planned: 4, fraction: 0.75 },
      usage: { promptTokens: 300, costUsd: null },
    });
    const page = await service.ask<OptimizationTrialsV1>(REQUESTS.optimizationTrials, { id, limit: 2 });
    expect([page.items.map(({ score }) => score), page.nextAfter]).toEqual([[0.5, 0.75], 2]);
    const rest = await service.ask<OptimizationTrialsV1>(REQUESTS.optimizationTrials, { id, after: 2 });
    expect([rest.items.map(({ number }) => number), rest.nextAfter]).toEqual([[3], null]);
    const log = await service.ask<OptimizationLogV1>(REQUESTS.optimizationLog, { id });
    expect(log.items).toEqual([{ number: 1, attempt: 1, at, text: 'Beware.' }]);
    await bring(id);
    await bring(id, { best: { trial: 9, score: 1, state: {} } });
    expect(await tell(id)).toEqual({ order: 'drop' });
    const ended = { status: 'completed', stoppedEarly: false, candidateVersion: null, guard: null };
    expect(await read(id)).toMatchObject({
      ...ended,
      conclusion: expect.stringMatching(/^No candidate was better on validation/) as string,
    });
    const refusal = await service.refusal(REQUESTS.optimizationPublish, { id, override: { reason: 'I like it.' } });
    expect(refusal).toMatchObject({ code: 'no_candidate' });
    expect(await verbsOf(id, 'completed')).toEqual(['started', 'progressed', 'progressed', 'completed']);
  });

  it('keeps a better candidate unpublished, and judges it on the untouched split beside its parent', async () => {
    execution.outcome = (_, index, version) => ({
      outputs: { team: version === 2 || index % 3 > 0 ? 'billing' : 'x' },
    });
    const { id } = await create();
    await job(id);
    await bring(id, BETTER);
    const judged = await over(id);
    expect(registry.candidates.at(-1)).toEqual({ programId: judged.programId, version: 1, state: STATE });
    expect(judged).toMatchObject({
      status: 'completed',
      candidateVersion: 2,
      guard: {
        comparison: { verdict: 'improved', examples: 300, test: 'mcnemar_exact' },
        usage: { promptTokens: 6_000 },
      },
      conclusion: expect.stringMatching(/^The candidate is better: \+0\.333 on 300 examples, 95 % interval/) as string,
      publication: null,
    });
    const baseline = await service.ask(REQUESTS.evaluationGet, { id: judged.guard!.baseline });
    expect(baseline).toMatchObject({ version: 1, dataset: 'tickets', datasetVersion: 2, split: 'test' });
    expect(registry.published).toEqual([]);
    const published = await service.ask<OptimizationV1>(REQUESTS.optimizationPublish, { id });
    expect(published.publication).toMatchObject({
      verdict: 'improved',
      override: null,
      publishedAt: expect.any(String) as string,
    });
    expect(registry.published).toEqual([{ programId: judged.programId, version: 2, instead: 1 }]);
    const diff = await service.ask<OptimizationDiffV1>(REQUESTS.optimizationDiff, { id });
    expect(diff.text).toContain('+ {"team":"billing","ticket":"x"}');
    expect(await verbsOf(id, 'published')).toEqual(['judging', 'completed', 'published']);
  });

  it('lets nobody publish what is not shown to be better, but for a reason that is recorded', async () => {
    const { items: others } = await service.ask<Page<OptimizationV1>>(REQUESTS.optimizationList, {});
    const judged = others.filter(({ guard, finishedAt }) => guard !== null && finishedAt !== null).length;
    execution.outcome = (_, index, version) => ({ outputs: { team: index % 2 === version! % 2 ? 'billing' : 'x' } });
    const { id } = await create();
    await job(id);
    await bring(id, BETTER);
    const said = judged === 0 ? '\\.$' : `${judged} other .* judged on this test split before`;
    expect(await over(id)).toMatchObject({
      guard: { earlierUses: judged },
      conclusion: expect.stringMatching(`not shown to be better: 0\\.000 on 300 examples.*${said}`) as string,
    });
    const refusal = await service.refusal(REQUESTS.optimizationPublish, { id });
    expect(refusal).toMatchObject({
      code: 'candidate_unproven',
      message: expect.stringMatching(/not shown to be better.*override/) as string,
    });
    const override = { reason: 'It is shorter.' };
    const published = await service.ask<OptimizationV1>(REQUESTS.optimizationPublish, { id, override });
    expect(published.publication).toMatchObject({ verdict: 'not_shown_to_be_better', override });
    expect(registry.published.at(-1)).toEqual({ programId: published.programId, version: 2 });
  });

  it('is not judged any further when it is cancelled', async () => {
    execution.outcome = () => undefined;
    const { id } = await create();
    await job(id);
    await bring(id, BETTER);
    const { guard } = await eventually(async () => {
      const found = await read(id);
      expect(found.guard).not.toBeNull();
      return found;
    });
    expect(await service.ask(REQUESTS.optimizationCancel, { id })).toMatchObject({ status: 'cancelled' });
    await eventually(async () => {
      const baseline = await service.ask(REQUESTS.evaluationGet, { id: guard!.baseline });
      expect(baseline).toMatchObject({ status: 'cancelled' });
    });
  });

  it('is begun anew by another worker; what the first still brings is void, what it used is not', async () => {
    const { id } = await create();
    await job(id);
    await tell(id, { trials: [trial(1, 0.5), trial(2, 0.9)], best: { trial: 2, score: 0.9, state: STATE } });
    await tell(id, { calls: 640, usage: { ...USAGE, promptTokens: 213 } });
    await tell(id, { calls: 620, usage: { ...USAGE, promptTokens: 206 } });
    expect(await tell(id, { attempt: 2, worker: 'w2' })).toEqual({ order: 'go_on' });
    expect(await read(id)).toMatchObject({
      attempt: 2,
      worker: 'w2',
      progress: { trials: 0 },
      best: null,
      parentScore: null,
      usage: { promptTokens: 213 },
      calls: 640,
    });
    expect(await tell(id)).toEqual({ order: 'drop' });
    await bring(id);
    expect(await read(id)).toMatchObject({ status: 'running' });
    await bring(id, { attempt: 2, worker: 'w2' });
    expect(await read(id)).toMatchObject({ status: 'completed', usage: { promptTokens: 313 }, calls: 1_240 });
  });

  it('stops with the best until then, and cancels at once', async () => {
    const signals = service.nats.connection.subscribe(SIGNALS.optimizationOrdered, { max: 2 });
    const [stopped, cancelled] = [await create(), await create()];
    await tell(stopped.id, { trials: [trial(1, 0.5)] });
    expect(await service.ask(REQUESTS.optimizationStop, { id: stopped.id })).toMatchObject({ status: 'stopping' });
    expect(await tell(stopped.id)).toEqual({ order: 'stop' });
    expect(await service.refusal(REQUESTS.optimizationStop, { id: stopped.id })).toMatchObject({
      code: 'optimization_finished',
    });
    await bring(stopped.id, { status: 'stopped' });
    expect(await read(stopped.id)).toMatchObject({ status: 'completed', stoppedEarly: true });
    const verbs = await verbsOf(stopped.id, 'completed');
    expect(verbs).toEqual(['started', 'progressed', 'progressed', 'completed']);
    expect(await service.ask(REQUESTS.optimizationCancel, { id: cancelled.id })).toMatchObject({ status: 'cancelled' });
    const told: string[] = [];
    for await (const signal of signals) told.push(signal.json<{ optimizationId: string }>().optimizationId);
    expect(told).toEqual([stopped.id, cancelled.id]);
    expect(await tell(cancelled.id)).toEqual({ order: 'drop' });
    const late = { optimizationId: cancelled.id, epoch: 1 };
    expect(await service.refusal(REQUESTS.optimizationTaskGet, late)).toMatchObject({ code: 'optimization_finished' });
    expect(await service.refusal(REQUESTS.optimizationCancel, { id: cancelled.id })).toMatchObject({
      code: 'optimization_finished',
    });
  });

  it('tries a step again that failed, and goes on at another replica', async () => {
    registry.isAway = true;
    const { id } = await create();
    await eventually(async () => expect(registry.asked.length).toBeGreaterThan(0));
    await service.stopReplicas();
    registry.isAway = false;
    await service.addReplica();
    expect(await job(id)).toEqual({ optimizationId: id, epoch: 1 });
    expect(await read(id)).toMatchObject({ status: 'queued', error: null });
  });

  it('fails when examples do not say what is right', async () => {
    const { id } = await create({ metric: 'right-why' });
    await eventually(async () => expect(await read(id)).toMatchObject({ status: 'failed' }));
    expect((await read(id)).error).toMatchObject({ code: 'not_optimizable', message: /does not say which "why"/ });
  });

  it('is ordered, read and cancelled in GraphQL', async () => {
    const fields = 'id status programName optimizer { name } best { score } trials { number score } diff';
    const input = request({ name: 'by graph' });
    const made = await service.graphql<{ createOptimization: OptimizationV1 }>(
      `mutation ($input: CreateOptimizationInput!) { createOptimization(input: $input) { ${fields} } }`,
      { input },
    );
    const { id } = made.data.createOptimization;
    await tell(id, { trials: [trial(1, 0.5)], best: { trial: 1, score: 0.5, state: PARENT } });
    const read = await service.graphql<object>(
      `{ optimizations(first: 1, filter: { name: { eq: "by graph" } }) { edges { node { ${fields} } } } }`,
    );
    const node = { id, status: 'RUNNING', best: { score: 0.5 }, trials: [{ number: 1, score: 0.5 }] };
    expect(read.data).toMatchObject({ optimizations: { edges: [{ node }] } });
    const early = await service.graphql(`mutation { publishOptimization(id: "${id}") { id } }`);
    expect(early.errors?.[0]?.extensions.code).toBe('no_candidate');
    const ended = await service.graphql<object>(`mutation { cancelOptimization(id: "${id}") { status } }`);
    expect(ended.data).toMatchObject({ cancelOptimization: { status: 'CANCELLED' } });
  });

  it.each([
    [{ metric: 'unknown' }, 'metric_not_found'],
    [{ optimizer: { name: 'COPRO', settings: {} } }, 'validation_failed'],
    [{ optimizer: { name: 'LabeledFewShot', settings: { k: 0 } } }, 'validation_failed'],
  ])('refuses %j', async (rest, code) => {
    expect(await service.refusal(REQUESTS.optimizationCreate, request(rest))).toMatchObject({ code });
  });

  it('is made once for a key', async () => {
    const ctx = { ...newContext(), idempotencyKey: 'one' };
    expect((await create({}, ctx)).id).toBe((await create({}, ctx)).id);
    const page = await service.ask<{ items: OptimizationV1[] }>(REQUESTS.optimizationList, {
      limit: 1,
      filter: { optimizer: { eq: 'BootstrapFewShotWithRandomSearch' } },
    });
    expect(page.items).toHaveLength(1);
  });
});

import { randomUUID } from 'node:crypto';
import {
  REQUESTS,
  type EvaluationComparisonV1,
  type EvaluationExample,
  type EvaluationResultsV1,
  type EvaluationV1,
  type ExampleV1,
  type MetricV1,
} from '@dspy-nest/contracts';
import { newContext } from '@dspy-nest/platform';
import { eventually } from '@dspy-nest/testing';
import { OptimizationUnderTest } from './optimization-under-test';
import { ScriptedExecution, type Outcome } from './scripted-execution';

const TEAMS = ['billing', 'shipping', 'returns'];
const examples = (count: number): EvaluationExample[] =>
  Array.from({ length: count }, (_, index) => {
    const team = TEAMS[index % TEAMS.length]!;
    return { inputs: { ticket: team, number: index }, expected: { team } };
  });
const TICKETS = { fields: { inputs: ['ticket'], outputs: ['team', 'why'] }, split: 'test' as const };
/** Examples of a dataset, each tenth of which does not say its team, with gaps between their numbers. */
const inDataset = (count: number): ExampleV1[] =>
  Array.from({ length: count }, (_, index) => ({
    id: index.toString(16).padStart(64, '0'),
    number: 2 * index + 1,
    addedIn: 2,
    split: 'test',
    inputs: { ticket: TEAMS[index % TEAMS.length]! },
    outputs: index % 10 === 0 ? {} : { team: TEAMS[index % TEAMS.length]! },
  }));
const rightBut =
  (isWrong: (number: number) => boolean): Outcome =>
  ({ ticket, number }) => ({ outputs: { team: isWrong(Number(number)) ? 'nobody' : ticket!, why: '' } });

describe('evaluations', () => {
  let service: OptimizationUnderTest;
  let execution: ScriptedExecution;
  const request = (rest: object = {}): object => ({
    program: 'route',
    metric: 'right-team',
    examples: examples(6),
    ...rest,
  });
  const create = (rest: object = {}, ctx = newContext()): Promise<EvaluationV1> =>
    service.ask<EvaluationV1>(REQUESTS.evaluationCreate, request(rest), ctx);
  const read = (id: string): Promise<EvaluationV1> => service.ask(REQUESTS.evaluationGet, { id });
  const over = (id: string): Promise<EvaluationV1> =>
    eventually(async () => {
      const evaluation = await read(id);
      expect(evaluation.finishedAt).not.toBeNull();
      return evaluation;
    });
  const run = async (outcome: Outcome, rest: object = {}): Promise<EvaluationV1> => {
    execution.outcome = outcome;
    return over((await create(rest)).id);
  };

  beforeAll(async () => {
    service = await OptimizationUnderTest.start({ replicas: 2 });
    execution = await ScriptedExecution.connect(service.servers.natsUrl);
    const metrics = {
      'right-team': { kind: 'label', field: 'team' },
      'right-why': { kind: 'exact', field: 'why' },
      cheap: { kind: 'cost', limitUsd: 0.002 },
    };
    for (const [name, definition] of Object.entries(metrics))
      await service.ask(REQUESTS.metricCreate, { name, definition });
  }, 60_000);
  afterAll(async () => {
    await service.stop();
    await execution.stop();
  });

  it('scores each example, with interval, labels, latency and cost', async () => {
    const evaluation = await run(rightBut((number) => number === 5));
    expect(evaluation).toMatchObject({
      status: 'completed',
      counts: { total: 6, ended: 6, failed: 0, unscored: 0 },
      progress: { fraction: 1, etaAt: null },
      usage: { promptTokens: 60, completionTokens: 12, unpriced: 0 },
      summary: { interval: { method: 'wilson', level: 0.95 }, latency: { p50Ms: 3, p95Ms: 6 }, errors: [] },
    });
    expect(evaluation.usage.costUsd).toBeCloseTo(0.006, 12);
    expect(evaluation.summary?.score).toBeCloseTo(5 / 6, 12);
    expect(evaluation.summary?.labels?.confusion).toContainEqual({ expected: 'returns', given: 'nobody', count: 1 });
    const { items, more } = await service.ask<EvaluationResultsV1>(REQUESTS.evaluationResults, { id: evaluation.id });
    expect({ more, scores: items.map(({ score }) => score) }).toEqual({ more: false, scores: [1, 1, 1, 1, 1, 0] });
    expect(items[5]).toMatchObject({
      inputs: { number: 5 },
      expected: { team: 'returns' },
      answer: { team: 'nobody' },
    });
  });

  it('counts what gave no answer as 0, by its error', async () => {
    const error = { code: 'output_invalid', message: 'No.', retryable: true, details: {} };
    const evaluation = await run((inputs, index) =>
      index < 2 ? { status: 'failed', error } : rightBut(() => false)(inputs, index),
    );
    expect(evaluation.counts).toEqual({ total: 6, answered: 6, ended: 6, failed: 2, unscored: 0 });
    expect(evaluation.summary?.errors).toEqual([{ code: 'output_invalid', count: 2 }]);
    expect(evaluation.summary?.score).toBeCloseTo(4 / 6, 12);
  });

  it('leaves out what cannot be known, never counting it as 0', async () => {
    const usage = { promptTokens: 1, completionTokens: 1, costUsd: null };
    const evaluation = await run((_, index) => ({ outputs: {}, ...(index === 0 && { usage }) }), { metric: 'cheap' });
    expect(evaluation.counts).toMatchObject({ ended: 6, unscored: 1 });
    expect(evaluation.summary).toMatchObject({ score: 0.5, labels: null });
  });

  it('goes on when what runs the examples was away, and at another replica, each example counted once', async () => {
    let isHalf = true;
    execution.outcome = (inputs, index) => (isHalf && index >= 700 ? undefined : rightBut(() => false)(inputs, index));
    const { id } = await create({ examples: examples(1_500) });
    await eventually(async () => expect((await read(id)).counts.ended).toBe(700));
    execution.isAway = true;
    await service.stopReplicas();
    execution.isAway = false;
    isHalf = false;
    await service.addReplica();
    const evaluation = await over(id);
    expect(evaluation).toMatchObject({ status: 'completed', counts: { total: 1_500, ended: 1_500 } });
    expect(evaluation.usage.promptTokens).toBe(15_000);
    const rows = await service.query(
      'SELECT count(*)::int AS rows, sum(score)::int AS score FROM optimization.evaluation_examples WHERE evaluation_id = $1',
      [id],
    );
    expect(rows).toEqual([{ rows: 1_500, score: 1_500 }]);
  });

  describe('on a dataset', () => {
    const [DATASET, OTHER] = [randomUUID(), randomUUID()];
    const onDataset = { examples: undefined, dataset: DATASET, split: 'test' };

    it('takes the examples of a version and split, page by page, and leaves out those that do not say what is right', async () => {
      execution.datasets.set(DATASET, { ...TICKETS, examples: inDataset(450) });
      const right: Outcome = ({ ticket }) => ({ outputs: { team: ticket!, why: '' } });
      const wrong: Outcome = (_, index) => ({ outputs: { team: index % 2 === 0 ? 'nobody' : 'returns', why: '' } });
      const evaluation = await run(right, onDataset);
      expect(evaluation).toMatchObject({
        dataset: 'tickets',
        datasetId: DATASET,
        datasetVersion: 2,
        split: 'test',
        status: 'completed',
        counts: { total: 450, ended: 450, failed: 0, unscored: 45 },
        summary: { score: 1 },
      });
      const { items } = await service.ask<EvaluationResultsV1>(REQUESTS.evaluationResults, { id: evaluation.id });
      expect(items.map(({ exampleId }) => exampleId)).toEqual(inDataset(450).map(({ id }) => id));
      expect(evaluation.summary?.labels?.labels.map(({ label }) => label)).toEqual(TEAMS.toSorted());
      const other = await run(wrong, { ...onDataset, split: undefined });
      expect(other.split).toBeNull();
      const compared = { id: evaluation.id, baseline: other.id };
      expect(await service.ask(REQUESTS.evaluationCompare, compared)).toMatchObject({
        verdict: 'improved',
        examples: 405,
        unpaired: 0,
      });
      const listed =
        '{ evaluations(filter: { split: { eq: "test" } }) { edges { node { id datasetName datasetVersion } } } }';
      expect(await service.graphql(listed)).toMatchObject({
        data: { evaluations: { edges: [{ node: { id: evaluation.id, datasetName: 'tickets', datasetVersion: 2 } }] } },
      });
    });

    it('fails before anything is run when an example is not what the program takes', async () => {
      const [good, bad] = inDataset(2);
      const examples = [good!, { ...bad!, inputs: { ticket: { no: 'text' } } }];
      execution.datasets.set(OTHER, { ...TICKETS, examples });
      const { id } = await create({ ...onDataset, dataset: OTHER });
      expect(await over(id)).toMatchObject({
        status: 'failed',
        error: { code: 'not_evaluable', message: 'Example 3 has a "ticket" that is no string.' },
      });
      expect(execution.batches.has(id)).toBe(false);
    });

    it.each([
      [{ split: 'train' }, 'not_evaluable', '/split'],
      [{ metric: 'right-why', dataset: OTHER }, 'not_evaluable', '/dataset'],
      [{ examples: examples(1) }, 'validation_failed', '/examples'],
      [{ dataset: undefined }, 'validation_failed', '/examples'],
    ])('refuses %j', async (rest, code, pointer) => {
      execution.datasets.set(OTHER, {
        ...TICKETS,
        fields: { inputs: ['ticket'], outputs: ['team'] },
        examples: inDataset(1),
      });
      const error = await service.refusal(REQUESTS.evaluationCreate, request({ ...onDataset, ...rest }));
      expect(error).toMatchObject({
        code,
        details: { errors: expect.arrayContaining([expect.objectContaining({ pointer })]) },
      });
    });
  });

  describe('with a judge', () => {
    const inputs = { reply: 'answer.team', right: 'expected.team' };
    const judge = { kind: 'judge', program: 'fair', inputs };
    const parts = [
      { weight: 1, metric: { kind: 'exact', field: 'team' } },
      { weight: 3, metric: judge },
    ];
    /** A judge that gives 4 of 5 to what is right, and 2 to all else. */
    const judged: Outcome = (asked, index) => {
      if (!('reply' in asked)) return rightBut((number) => number === 5)(asked, index);
      return { outputs: { score: asked['reply'] === asked['right'] ? 4 : 2, why: 'Because.' } };
    };

    it('asks a program about each answer once all are there, and keeps its cost apart', async () => {
      const metric = await service.ask<MetricV1>(REQUESTS.metricCreate, {
        name: 'fair',
        definition: { kind: 'composite', parts },
      });
      expect(metric.definition).toMatchObject({ parts: [{}, { metric: { ...judge, version: 3, score: 'score' } }] });
      const error = { code: 'output_invalid', message: 'No.', retryable: true, details: {} };
      let areJudgesAway = true;
      execution.outcome = (asked, index) => {
        if (areJudgesAway && 'reply' in asked) return undefined;
        if (asked['number'] === 0) return { status: 'failed', error };
        return 'reply' in asked && index === 4 ? { status: 'failed', error } : judged(asked, index);
      };
      const { id } = await create({ metric: 'fair' });
      await eventually(async () =>
        expect(await read(id)).toMatchObject({ counts: { answered: 6, ended: 1 }, progress: { fraction: 7 / 12 } }),
      );
      areJudgesAway = false;
      const evaluation = await over(id);
      expect(evaluation).toMatchObject({
        status: 'completed',
        counts: { total: 6, answered: 6, ended: 6, failed: 1, unscored: 1 },
        usage: { promptTokens: 60 },
        judgeUsage: { promptTokens: 50, completionTokens: 10, unpriced: 0 },
      });
      const { items } = await service.ask<EvaluationResultsV1>(REQUESTS.evaluationResults, { id });
      const right = (1 + 3 * 0.75) / 4;
      expect(items.map(({ score }) => score)).toEqual([0, right, right, right, null, (3 * 0.25) / 4]);
      expect(items[1]?.judgements).toMatchObject([
        { program: 'fair', version: 3, score: 0.75, answer: { why: 'Because.' } },
      ]);
      expect([items[0]?.judgements, items[4]?.judgements]).toMatchObject([
        [],
        [{ score: null, errorCode: 'output_invalid' }],
      ]);
    });

    it('stops its judges when it is cancelled', async () => {
      const before = execution.batches.size;
      execution.outcome = (asked, index) => ('reply' in asked ? undefined : judged(asked, index));
      const { id } = await create({ metric: 'fair' });
      await eventually(async () => expect((await read(id)).counts.answered).toBe(6));
      const statuses = (): string[] => [...execution.batches.values()].slice(before).map(({ status }) => status);
      await eventually(() => expect(statuses()).toEqual(['completed', 'running']));
      await service.ask(REQUESTS.evaluationCancel, { id });
      expect(await over(id)).toMatchObject({ status: 'cancelled', counts: { answered: 6, ended: 0 } });
      expect(statuses()).toEqual(['completed', 'cancelled']);
    });

    it('refuses judges without a score or without what they need', async () => {
      const noScore = { name: 'none', definition: { kind: 'judge', program: 'route', inputs: {} } };
      expect(await service.refusal(REQUESTS.metricCreate, noScore)).toMatchObject({ code: 'invalid_metric' });
      await service.ask(REQUESTS.metricCreate, { name: 'unfed', definition: { kind: 'judge', program: 'fair' } });
      const error = await service.refusal(REQUESTS.evaluationCreate, request({ metric: 'unfed' }));
      expect(error).toMatchObject({ code: 'not_evaluable' });
      expect(error.message).toContain('The judge needs "reply"');
    });
  });

  it('cancels, keeping what was counted', async () => {
    execution.outcome = (inputs, index) => (index < 2 ? rightBut(() => false)(inputs, index) : undefined);
    const { id } = await create();
    await eventually(async () => expect((await read(id)).counts.ended).toBe(2));
    expect(await service.ask(REQUESTS.evaluationCancel, { id })).toMatchObject({ status: 'cancelling' });
    expect(await over(id)).toMatchObject({
      status: 'cancelled',
      counts: { total: 6, ended: 2 },
      summary: { score: 1 },
    });
    expect(execution.batches.get(id)?.status).toBe('cancelled');
    expect(await service.refusal(REQUESTS.evaluationCancel, { id })).toMatchObject({ code: 'evaluation_finished' });
  });

  it('fails when its batch was ended by somebody else', async () => {
    execution.outcome = () => undefined;
    const { id } = await create();
    await eventually(async () => expect((await read(id)).status).toBe('running'));
    execution.batches.get(id)!.status = 'cancelled';
    expect(await over(id)).toMatchObject({ status: 'failed', error: { code: 'cancelled' } });
  });

  it('tells of each step', async () => {
    const { id } = await run(rightBut(() => false));
    await eventually(async () => {
      const told = (await service.events()).filter(({ event }) => event.data.id === id);
      expect(told.map(({ subject }) => subject.split('.')[5])).toEqual(['started', 'progressed', 'completed']);
      expect(told.at(-1)?.event.data).toMatchObject({ score: 1, status: 'completed', counts: { ended: 6 } });
    });
  });

  it('compares with another on the same examples, in one sentence', async () => {
    const batch = { examples: examples(60) };
    const baseline = await run(
      rightBut((number) => number % 2 === 0),
      batch,
    );
    const candidate = await run(
      rightBut((number) => number === 1),
      batch,
    );
    const compare = (id: string, other: string): Promise<EvaluationComparisonV1> =>
      service.ask(REQUESTS.evaluationCompare, { id, baseline: other });
    expect(await compare(candidate.id, baseline.id)).toMatchObject({
      verdict: 'improved',
      sentence: expect.stringMatching(/^The candidate is better: \+0\.483 on 60 examples, 95 % interval/) as string,
      test: 'mcnemar_exact',
      examples: 60,
      unpaired: 0,
    });
    expect((await compare(candidate.id, candidate.id)).verdict).toBe('not_shown_to_be_better');
    const more = await run(
      rightBut(() => false),
      { examples: examples(61) },
    );
    expect(await compare(more.id, baseline.id)).toMatchObject({ examples: 60, unpaired: 1 });
    const cheap = await run(
      rightBut(() => false),
      { ...batch, metric: 'cheap' },
    );
    const incomparable = { id: cheap.id, baseline: baseline.id };
    expect(await service.refusal(REQUESTS.evaluationCompare, incomparable)).toMatchObject({ code: 'not_comparable' });
    const asked = `{ evaluation(id: "${candidate.id}") { status programName metricName summary { score interval { low } }
      comparison(baseline: "${baseline.id}") { verdict } } }`;
    expect(await service.graphql(asked)).toMatchObject({
      data: {
        evaluation: {
          status: 'COMPLETED',
          programName: 'route',
          metricName: 'right-team',
          comparison: { verdict: 'improved' },
        },
      },
    });
  });

  it('is made once for a key', async () => {
    const ctx = { ...newContext(), idempotencyKey: 'evaluation-1' };
    const answers = await Promise.all([1, 2, 3].map(() => create({}, ctx)));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
  });

  it.each([
    [{ metric: 'nobody' }, 'metric_not_found', undefined],
    [{ examples: [{ inputs: {}, expected: { why: 'x' } }] }, 'not_evaluable', '/examples/0/expected'],
    [{ examples: [{ inputs: { team: '\u0000' }, expected: { team: 'x' } }] }, 'validation_failed', '/examples'],
  ])('refuses %j', async (rest, code, pointer) => {
    const error = await service.refusal(REQUESTS.evaluationCreate, request(rest));
    expect(error.code).toBe(code);
    if (pointer !== undefined) expect(error.details['errors']).toMatchObject([{ pointer }]);
  });

  it('refuses a metric of a field that the program does not give', async () => {
    await service.ask(REQUESTS.metricCreate, { name: 'other-field', definition: { kind: 'exact', field: 'answer' } });
    const error = await service.refusal(REQUESTS.evaluationCreate, request({ metric: 'other-field' }));
    expect(error).toMatchObject({ code: 'not_evaluable' });
    expect(error.message).toContain('There is no output "answer"; there are team, why.');
  });
});

import { randomUUID } from 'node:crypto';
import { type ExecutionCreateV1, type ExecutionV1, REQUESTS, metricsOf } from '@dspy-nest/contracts';
import { joinMetricsTexts } from '@dspy-nest/platform';
import { ScriptedWorker, type ToldOutcome, eventually } from '@dspy-nest/testing';
import { startReplicaProcess } from './replica-process';
import { type RunningExecution, errorOf, startExecution } from './running-execution';

jest.setTimeout(30_000);

describe('the metrics of the execution service', () => {
  let service: RunningExecution;
  let worker: ScriptedWorker;
  let url: string;

  beforeAll(async () => {
    service = await startExecution();
    url = `${await service.app.getUrl()}/metrics`;
    worker = await ScriptedWorker.start(service.servers.natsUrl, { concurrency: 7 });
    await eventually(async () => expect(await read('dspy_workers', { status: 'ready' })).toBe(1));
  });
  afterAll(async () => {
    await worker.stop();
    await service.stop();
  });

  const create = (change: Partial<ExecutionCreateV1> = {}): Promise<ExecutionV1> =>
    service.client.request(service.ctx, REQUESTS.executionCreate, {
      id: randomUUID(),
      program: 'qa',
      inputs: { question: 'Why?' },
      wait: true,
      ...change,
    });
  const text = async (): Promise<string> => (await fetch(url)).text();
  /** The sum of the samples of a metric with these labels. */
  const sumIn = (metrics: string, name: string, labels: Record<string, string> = {}): number =>
    metrics
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`))
      .filter((line) => Object.entries(labels).every(([key, value]) => line.includes(`${key}="${value}"`)))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  const read = async (name: string, labels: Record<string, string> = {}): Promise<number> =>
    sumIn(await text(), name, labels);

  it('count and measure an execution once, by what it took', async () => {
    worker.onJob(() => ({
      outputs: { answer: 'Because.' },
      usage: { promptTokens: 30, completionTokens: 4, costUsd: 0.5 },
      queueMs: 2,
      workerMs: 30,
      lmMs: 20,
      parseMs: 1,
      recovery: { modelRetries: 2, parseRetries: 1, repairs: 3 },
    }));
    const before = await text();
    await create();
    const [told] = await eventually((): ToldOutcome[] => {
      expect(worker.told.length).toBeGreaterThan(0);
      return worker.told;
    });
    await service.client.request(service.ctx, REQUESTS.executionComplete, told?.outcome);
    const after = await text();
    const grown = (name: string, labels: Record<string, string> = {}): number =>
      sumIn(after, name, labels) - sumIn(before, name, labels);
    expect(grown('dspy_executions_total', { status: 'succeeded', error_code: 'none' })).toBe(1);
    expect(grown('dspy_execution_duration_seconds_count', { program: 'qa', status: 'succeeded' })).toBe(1);
    for (const stage of ['queue', 'worker', 'model', 'parse', 'overhead']) {
      expect([stage, grown('dspy_execution_stage_duration_seconds_count', { stage })]).toEqual([stage, 1]);
    }
    expect(grown('dspy_execution_stage_duration_seconds_sum', { stage: 'model' })).toBeCloseTo(0.02, 6);
    expect(grown('dspy_execution_stage_duration_seconds_bucket', { stage: 'model', le: '0.01' })).toBe(0);
    expect(grown('dspy_execution_stage_duration_seconds_bucket', { stage: 'model', le: '0.025' })).toBe(1);
    expect(grown('dspy_tokens_total', { direction: 'prompt' })).toBe(30);
    expect(grown('dspy_tokens_total', { direction: 'completion' })).toBe(4);
    expect(grown('dspy_cost_usd_total')).toBe(0.5);
    expect(grown('dspy_model_retries_total', { format: 'chat' })).toBe(2);
    expect(grown('dspy_parse_retries_total', { format: 'chat' })).toBe(1);
    expect(grown('dspy_output_repairs_total', { format: 'chat' })).toBe(3);
  });

  it('tell failures by their code, also by one that is not known, and count dead letters', async () => {
    const error = (code: string) => ({ error: { code, message: 'No.', retryable: false, details: {} } });
    worker.onJob(() => error('worker_crashed'));
    await create();
    worker.onJob(() => error('from_the_future'));
    await create();
    const report = { subject: 'dspy.job.x', problem: 'No JSON.', worker: 'w1' };
    for (const _ of [1, 2]) await service.client.request(service.ctx, REQUESTS.jobUnreadable, report);
    const metrics = await text();
    expect(sumIn(metrics, 'dspy_executions_total', { status: 'failed', error_code: 'worker_crashed' })).toBe(1);
    expect(sumIn(metrics, 'dspy_executions_total', { status: 'failed', error_code: 'internal' })).toBe(1);
    expect(sumIn(metrics, 'dspy_dead_letters_total', { code: 'worker_crashed' })).toBe(1);
    expect(sumIn(metrics, 'dspy_dead_letters_total', { code: 'job_unreadable' })).toBe(1);
  });

  it('show the fleet, the queue and who waits', async () => {
    let finish = (): void => undefined;
    worker.onJob(() => new Promise((resolve) => (finish = () => resolve({}))));
    const call = create();
    await eventually(async () => expect(await read('dspy_worker_in_flight')).toBe(1));
    const metrics = await text();
    expect(sumIn(metrics, 'dspy_workers', { status: 'draining' })).toBe(0);
    expect(sumIn(metrics, 'dspy_worker_capacity')).toBe(7);
    expect(sumIn(metrics, 'dspy_queue_jobs', { lane: 'interactive' })).toBe(1);
    expect(metrics).toMatch(/dspy_queue_jobs\{lane="batch"[^}]*\} 0/);
    expect(sumIn(metrics, 'dspy_open_callers')).toBe(1);
    finish();
    await call;
    expect(await read('dspy_open_callers')).toBe(0);
  });

  it('count who was not let in', async () => {
    worker.onJob(() => new Promise(() => undefined));
    const before = await read('dspy_admission_refused_total', { reason: 'too_many_requests' });
    const open = [create({ program: 'limited' }), create({ program: 'limited' })];
    await eventually(async () => expect(await read('dspy_open_callers')).toBe(2));
    expect(await errorOf(create({ program: 'limited' }))).toMatchObject({ code: 'too_many_requests' });
    expect(await read('dspy_admission_refused_total', { reason: 'too_many_requests' })).toBe(before + 1);
    const ids = worker.jobs.slice(-2).map(({ executionId }) => executionId);
    await eventually(() =>
      Promise.all(ids.map((id) => service.client.request(service.ctx, REQUESTS.executionCancel, { id }))),
    );
    expect((await Promise.all(open)).map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
  });

  it('describe each metric once, also those of all replicas in one text', async () => {
    const another = await startReplicaProcess(service);
    const texts = await service.client.requestAll<string>(
      service.ctx,
      metricsOf('execution'),
      {},
      { timeoutMs: 5_000 },
    );
    await another.kill();
    expect(texts).toHaveLength(2);
    const joined = joinMetricsTexts(texts);
    const names = [...joined.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    expect(names).toEqual([...new Set(names)]);
    const samples = joined.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const series = samples.map((line) => line.slice(0, line.lastIndexOf(' ')));
    expect(series).toHaveLength(new Set(series).size);
    expect(new Set(samples.map((line) => /instance="([^"]+)"/.exec(line)?.[1])).size).toBe(2);
  });
});

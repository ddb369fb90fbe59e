import { randomUUID } from 'node:crypto';
import {
  BATCH_UPLOAD_IDLE_MS,
  type BatchAppendV1,
  type BatchChangedV1,
  type BatchCreateV1,
  type BatchResultsV1,
  type BatchRowV1,
  type BatchV1,
  type ExecutionV1,
  type Page,
  REQUESTS,
} from '@dspy-nest/contracts';
import type { AppError } from '@dspy-nest/platform';
import { ScriptedWorker, documentedQueries, eventually } from '@dspy-nest/testing';
import type { INestApplication } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BatchDispatcher } from '../src/batch-dispatch/batch-dispatcher.service';
import { startReplicaProcess } from './replica-process';
import { PARALLEL_CALLS, type Surroundings, errorOf, startReplica, startSurroundings } from './running-execution';

jest.setTimeout(60_000);

const inputsOf = (index: number): BatchRowV1 => ({ inputs: { question: `Why ${index}?` } });
const rowsOf = (count: number): BatchRowV1[] => Array.from({ length: count }, (_, index) => inputsOf(index));
const USAGE = { promptTokens: 10, completionTokens: 2, costUsd: 0.5 };

describe('batches', () => {
  let surroundings: Surroundings;
  let app: INestApplication;
  let worker: ScriptedWorker;

  beforeAll(async () => {
    surroundings = await startSurroundings();
    app = await startReplica(surroundings);
  });
  afterAll(async () => {
    await app.close();
    await surroundings.stop();
  });
  beforeEach(async () => {
    worker = await ScriptedWorker.start(surroundings.servers.natsUrl, { lanes: ['batch'], concurrency: 8 });
    worker.onJob(({ inputs }) => ({ outputs: { answer: `To ${String(inputs['question'])}` }, usage: USAGE }));
  });
  afterEach(() => worker.stop());

  const ask = <T>(subject: string, message: unknown, key?: string): Promise<T> =>
    surroundings.client.request<T>({ ...surroundings.ctx, ...(key && { idempotencyKey: key }) }, subject, message, {
      timeoutMs: 30_000,
    });
  const create = (change: Partial<BatchCreateV1> = {}, key?: string): Promise<BatchV1> =>
    ask(REQUESTS.batchCreate, { id: randomUUID(), program: 'qa', ...change }, key);
  const append = (message: BatchAppendV1): Promise<{ received: number }> => ask(REQUESTS.batchAppend, message);
  const close = (id: string, rows: number): Promise<BatchV1> => ask(REQUESTS.batchClose, { id, rows });
  const get = (id: string): Promise<BatchV1> => ask(REQUESTS.batchGet, { id });
  const results = (id: string, more: object = {}): Promise<BatchResultsV1> =>
    ask(REQUESTS.batchResults, { id, ...more });
  const refusal = (work: Promise<unknown>): Promise<AppError> => errorOf(work);

  async function run(rows: BatchRowV1[], change: Partial<BatchCreateV1> = {}): Promise<BatchV1> {
    const { id } = await create(change);
    await append({ id, first: 0, rows });
    return close(id, rows.length);
  }
  const over = (id: string): Promise<BatchV1> =>
    eventually(
      async () => {
        const batch = await get(id);
        expect(batch.finishedAt).not.toBeNull();
        return batch;
      },
      { timeoutMs: 30_000 },
    );

  it('runs each row as an execution of the batch lane and tells its result in order', async () => {
    const begun = await run(rowsOf(100), { name: 'Hundred' });
    expect(begun).toMatchObject({ status: 'running', name: 'Hundred', counts: { total: 100 }, finishedAt: null });
    const batch = await over(begun.id);
    expect(batch).toMatchObject({
      status: 'completed',
      counts: { total: 100, pending: 0, inFlight: 0, succeeded: 100, failed: 0, cancelled: 0, timedOut: 0 },
      usage: { promptTokens: 1_000, completionTokens: 200, costUsd: 50, unpriced: 0 },
      progress: { fraction: 1, etaAt: null },
    });
    const { items, more, status } = await results(batch.id);
    expect([status, more]).toEqual(['completed', false]);
    expect(items.map(({ index }) => index)).toEqual(Array.from({ length: 100 }, (_, index) => index));
    expect(items[7]).toMatchObject({
      status: 'succeeded',
      outputs: { answer: 'To Why 7?' },
      error: null,
      usage: USAGE,
    });
    const execution = await ask<ExecutionV1>(REQUESTS.executionGet, { id: items[7]!.id });
    expect(execution).toMatchObject({
      lane: 'batch',
      batchId: batch.id,
      batchIndex: 7,
      inputs: { question: 'Why 7?' },
    });
    const listed = await ask<Page<ExecutionV1>>(REQUESTS.executionList, {
      filter: { batchId: { eq: batch.id } },
      limit: 10,
    });
    expect(listed.items).toHaveLength(10);
  });

  it('keeps rows that cannot be run as failed ones, with the reason', async () => {
    const malformed = { code: 'malformed_request', message: 'Line 2 is no JSON \0.', retryable: false, details: {} };
    const rows = [inputsOf(0), { error: malformed }, { inputs: { query: 'Why?' } }, inputsOf(3)];
    const batch = await over((await run(rows)).id);
    expect(batch).toMatchObject({ status: 'completed', counts: { total: 4, succeeded: 2, failed: 2 } });
    const { items } = await results(batch.id);
    expect(items.map(({ status, id }) => [status, id === null])).toEqual([
      ['succeeded', false],
      ['failed', true],
      ['failed', true],
      ['succeeded', false],
    ]);
    expect(items[1]).toMatchObject({ error: { code: 'malformed_request', message: 'Line 2 is no JSON \uFFFD.' } });
    expect(items[2]).toMatchObject({
      error: {
        code: 'invalid_inputs',
        details: { errors: [{ pointer: '/inputs/question' }, { pointer: '/inputs/query' }] },
      },
    });
  });

  it('completes when no row can be run, and when each fails', async () => {
    const error = { code: 'model_error', message: 'No.', retryable: false, details: {} };
    worker.onJob(() => ({ error }));
    const [none, failing] = await Promise.all([run([{ inputs: {} }]), run(rowsOf(3))]);
    expect(await over(none.id)).toMatchObject({ status: 'completed', counts: { failed: 1 }, usage: { costUsd: null } });
    expect(await over(failing.id)).toMatchObject({ status: 'completed', counts: { failed: 3 } });
  });

  it('takes rows again without doubling them, in whatever pieces, and refuses other ones', async () => {
    const key = randomUUID();
    const first = await create({}, key);
    await append({ id: first.id, first: 0, rows: rowsOf(10) });
    const again = await create({}, key);
    expect(again).toMatchObject({ id: first.id, status: 'receiving', counts: { total: 10 } });
    await append({ id: first.id, first: 0, rows: rowsOf(4) });
    await append({ id: first.id, first: 4, rows: rowsOf(16).slice(4) });
    expect(await refusal(append({ id: first.id, first: 15, rows: [inputsOf(99)] }))).toMatchObject({
      code: 'idempotency_key_reused',
      message: expect.stringContaining('row 15'),
    });
    expect(await refusal(close(first.id, 17))).toMatchObject({ code: 'batch_incomplete' });
    expect(await refusal(close(first.id, 15))).toMatchObject({ code: 'idempotency_key_reused' });
    await close(first.id, 16);
    const batch = await over(first.id);
    expect(batch.counts).toMatchObject({ total: 16, succeeded: 16 });

    // Sent once more when all is done: the first answer, or a refusal.
    expect(await create({}, key)).toMatchObject({ id: first.id, status: 'completed' });
    await append({ id: first.id, first: 0, rows: rowsOf(16) });
    expect(await close(first.id, 16)).toMatchObject({ id: first.id, status: 'completed' });
    expect(await refusal(append({ id: first.id, first: 16, rows: [inputsOf(16)] }))).toMatchObject({
      code: 'idempotency_key_reused',
    });
    expect(await refusal(create({ version: 1 }, key))).toMatchObject({ code: 'idempotency_key_reused' });
    expect(worker.jobs).toHaveLength(16);
  });

  it('refuses what could never be run before any row', async () => {
    expect(await refusal(create({ program: 'unknown' }))).toMatchObject({ code: 'program_not_found' });
    expect(await refusal(create({ adapter: 'multi' }))).toMatchObject({ code: 'validation_failed' });
    expect(await refusal(get(randomUUID()))).toMatchObject({ code: 'batch_not_found' });
    expect(await refusal(append({ id: randomUUID(), first: 0, rows: rowsOf(1) }))).toMatchObject({
      code: 'batch_not_found',
    });
    const { id } = await create();
    expect(await refusal(close(id, 0))).toMatchObject({ code: 'validation_failed' });
    expect(await refusal(get(id))).toMatchObject({ code: 'batch_not_found' });
  });

  it('come whole by GraphQL, and are refused whole', async () => {
    const url = `${await app.getUrl()}/graphql`;
    const asked = `mutation ($input: CreateBatchInput!) {
      createBatch(input: $input) { id status name counts { total } programName format } }`;
    const graphql = async (
      input: object,
      query = asked,
    ): Promise<{ data: { createBatch: BatchV1 }; errors: unknown }> => {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ query, variables: { input } });
      return (await fetch(url, { method: 'POST', headers, body })).json() as never;
    };
    const rows = [{ question: 'Why 0?' }, { query: 'Why?' }];
    const { data } = await graphql({ program: 'qa', rows, name: 'Whole', format: 'json', timeoutMs: 5_000 });
    const told = { status: 'RUNNING', name: 'Whole', counts: { total: 2 }, programName: 'qa', format: 'json' };
    expect(data.createBatch).toMatchObject(told);
    expect(await over(data.createBatch.id)).toMatchObject({ status: 'completed', counts: { succeeded: 1, failed: 1 } });
    expect((await results(data.createBatch.id)).items.map(({ outputs }) => outputs)).toEqual([
      { answer: 'To Why 0?' },
      null,
    ]);
    surroundings.publish('read-mood', 'message: string -> answer: string');
    const [documented] = documentedQueries('batches.md', ['createBatch']);
    expect(await graphql({}, documented)).toMatchObject({ data: { createBatch: { counts: { total: 2 } } } });
    const refused = async (input: object): Promise<unknown> =>
      (await graphql({ program: 'qa', rows, ...input })).errors;
    const place = (pointer: string): object => [{ extensions: { details: { errors: [{ pointer }] } } }];
    expect(await refused({ rows: [] })).toMatchObject([{ extensions: { code: 'validation_failed' } }]);
    expect(await refused({ rows: [rows[0], 7] })).toMatchObject(place('/rows/1'));
    expect(await refused({ rows: Array(1_001).fill(rows[0]) })).toMatchObject(place('/rows'));
    expect(await refused({ program: 'unknown' })).toMatchObject([{ extensions: { code: 'program_not_found' } }]);
  });

  it('cancels what runs and what waits, tells all of it, and cancels once', async () => {
    let answer = (): void => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    worker.onJob(async ({ inputs }) => {
      if (inputs['question'] !== 'Why 0?') await held;
      return { outputs: { answer: 'Because.' }, usage: USAGE };
    });
    const { id } = await run(rowsOf(200));
    await eventually(async () => expect((await get(id)).counts.succeeded).toBe(1));
    // The prefix that has ended, and no further.
    expect((await results(id)).items.map(({ index }) => index)).toEqual([0]);
    expect(await ask(REQUESTS.batchCancel, { id })).toMatchObject({ status: 'cancelling' });
    const batch = await over(id);
    answer();
    expect(batch).toMatchObject({ status: 'cancelled', counts: { total: 200, pending: 0, inFlight: 0 } });
    expect(batch.counts.succeeded + batch.counts.cancelled).toBe(200);
    const told = await results(id);
    expect(told.items).toHaveLength(200);
    expect(new Set(told.items.slice(1).map(({ status }) => status))).toEqual(new Set(['cancelled']));
    expect(await refusal(ask(REQUESTS.batchCancel, { id }))).toMatchObject({ code: 'batch_finished' });
    const open = await app
      .get(DataSource)
      .query(`SELECT 1 FROM execution.executions WHERE batch_id = $1 AND status IN ('queued', 'running')`, [id]);
    expect(open).toEqual([]);
  });

  it('fails a batch whose rows do not all come, and runs none of it', async () => {
    const told = await create();
    await append({ id: told.id, first: 0, rows: rowsOf(2) });
    const error = { code: 'payload_too_large', message: 'Too many rows.', retryable: false, details: {} };
    expect(await ask(REQUESTS.batchAbort, { id: told.id, error })).toMatchObject({ status: 'failed', error });
    expect(await refusal(append({ id: told.id, first: 2, rows: rowsOf(1) }))).toMatchObject({ code: 'batch_finished' });

    const silent = await create();
    await append({ id: silent.id, first: 0, rows: rowsOf(2) });
    await app.get(BatchDispatcher).failAbandoned(new Date(Date.now() + BATCH_UPLOAD_IDLE_MS + 1_000));
    expect(await get(silent.id)).toMatchObject({ status: 'failed', error: { code: 'batch_incomplete' } });
    expect((await results(silent.id)).items.map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
    expect(worker.jobs).toEqual([]);
  });

  it('lists batches', async () => {
    await over((await run(rowsOf(1), { name: 'Listed' })).id);
    const page = await ask<Page<BatchV1>>(REQUESTS.batchList, {
      filter: { name: { eq: 'Listed' } },
      sort: '-finishedAt',
    });
    expect(page.items).toMatchObject([{ name: 'Listed', status: 'completed' }]);
  });

  it('tells of a batch by public events, and of its progress while it runs', async () => {
    const told: { verb: string; data: BatchChangedV1 }[] = [];
    const subscription = surroundings.nats.subscribe('dspy.evt.default.execution.batch.>', {
      callback: (_error, message) =>
        void told.push({ verb: message.subject.split('.')[5]!, data: message.json<{ data: BatchChangedV1 }>().data }),
    });
    let answer = (): void => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    worker.onJob(async ({ inputs }) => {
      if (inputs['question'] !== 'Why 0?') await held;
      return { outputs: { answer: 'Because.' }, usage: USAGE };
    });
    const { id } = await run(rowsOf(2));
    await eventually(() => expect(told.map(({ verb }) => verb)).toEqual(['started', 'progressed']));
    expect(told[1]!.data).toMatchObject({ id, status: 'running', counts: { total: 2, succeeded: 1 } });
    answer();
    await over(id);
    await eventually(() =>
      expect(told.at(-1)).toMatchObject({ verb: 'completed', data: { counts: { succeeded: 2 } } }),
    );
    subscription.unsubscribe();
  });

  it('shares the fleet between batches: a small one does not wait for the end of a large one', async () => {
    worker.onJob(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return { outputs: { answer: 'Because.' }, usage: USAGE };
    });
    const large = await run(rowsOf(1_000));
    await eventually(async () => expect((await get(large.id)).counts.succeeded).toBeGreaterThan(20));
    const small = await over((await run(rowsOf(20))).id);
    expect(small.counts.succeeded).toBe(20);
    expect((await get(large.id)).status).toBe('running');
    await ask(REQUESTS.batchCancel, { id: large.id });
    await over(large.id);
  });

  it('has no more rows with the fleet than the model answers at once', async () => {
    let open = 0;
    let most = 0;
    worker.onJob(async () => {
      most = Math.max(most, (open += 1));
      await new Promise((resolve) => setTimeout(resolve, 5));
      open -= 1;
      return { outputs: { answer: 'Because.' }, usage: USAGE };
    });
    const batch = await over((await run(rowsOf(12), { model: 'narrow' })).id);
    expect([batch.counts.succeeded, most]).toEqual([12, PARALLEL_CALLS]);
  });

  it('goes on at another replica when the one that moves it on dies', async () => {
    const other = await startReplicaProcess(surroundings);
    let answered = 0;
    worker.onJob(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      answered += 1;
      return { outputs: { answer: 'Because.' }, usage: USAGE };
    });
    const batches = await Promise.all(Array.from({ length: 4 }, () => run(rowsOf(150))));
    await eventually(() => expect(answered).toBeGreaterThan(100));
    await other.kill();
    for (const { id } of batches) {
      expect((await over(id)).counts).toMatchObject({ total: 150, succeeded: 150 });
      expect((await results(id)).items).toHaveLength(150);
    }
  });
});

import { randomUUID } from 'node:crypto';
import { type ExecutionV1, type ModelCallV1, type ModelCallsV1, type Page, REQUESTS } from '@dspy-nest/contracts';
import { ScriptedWorker, eventually } from '@dspy-nest/testing';
import { RetentionService } from '../src/retention/retention.service';
import { type RunningExecution, errorOf, startExecution, startReplica } from './running-execution';

const DAY_MS = 86_400_000;
const NOW = new Date('2026-06-01T12:00:00Z');
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * DAY_MS);

const call: ModelCallV1 = {
  index: 0,
  attempt: 1,
  reason: 'first',
  startedAt: '2026-01-01T00:00:00.000Z',
  durationMs: 12.5,
  firstTokenMs: null,
  errorCode: null,
  finishReason: 'stop',
  promptTokens: 10,
  completionTokens: 2,
  costUsd: null,
  messages: [{ role: 'user', content: 'Why?' }],
  completion: 'Because.',
  truncated: false,
};
const calls = [call, { ...call, index: 1, reason: 'parse_retry' as const }];
const LONG = 'why '.repeat(10_000);
const callsFor = (question: unknown): ModelCallV1[] => {
  if (question === 'Cached?') return [];
  return question === 'Long?' ? [{ ...call, messages: [{ role: 'user', content: LONG }] }] : calls;
};

jest.setTimeout(30_000);

describe('model calls', () => {
  let service: RunningExecution;
  let worker: ScriptedWorker;

  beforeAll(async () => {
    service = await startExecution();
    worker = await ScriptedWorker.start(service.servers.natsUrl);
    worker.onJob(({ inputs }) => ({
      outputs: { answer: 'Because.' },
      calls: callsFor(inputs['question']),
    }));
    await eventually(async () => expect((await ask<Page<unknown>>(REQUESTS.workerList, {})).items).toHaveLength(1));
  });
  afterAll(async () => {
    await worker.stop();
    await service.stop();
  });

  const ask = <T>(subject: string, message: object): Promise<T> =>
    service.client.request<T>(service.ctx, subject, message);
  const create = (question = 'Why?'): Promise<ExecutionV1> =>
    ask(REQUESTS.executionCreate, { id: randomUUID(), program: 'qa', inputs: { question }, wait: true });
  const callsOf = async (id: string): Promise<ModelCallV1[]> =>
    (await ask<ModelCallsV1>(REQUESTS.executionCalls, { id })).items;

  it('are kept with their execution, in order', async () => {
    const { id } = await create();
    expect(await callsOf(id)).toEqual(calls);
  });

  it('are none for an execution that made none, and an error for one that is not there', async () => {
    expect(await callsOf((await create('Cached?')).id)).toEqual([]);
    expect(await errorOf(callsOf(randomUUID()))).toMatchObject({ code: 'execution_not_found' });
  });

  it('are of their tenant alone', async () => {
    const { id } = await create();
    const other = service.client.request({ ...service.ctx, tenant: 'other' }, REQUESTS.executionCalls, { id });
    expect(await errorOf(other)).toMatchObject({ code: 'execution_not_found' });
  });

  const query = async (document: string, variables: object): Promise<unknown> => {
    const response = await fetch(`${await service.app.getUrl()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: document, variables }),
    });
    return response.json();
  };

  it('are a field of the execution in GraphQL', async () => {
    const { id } = await create();
    const document = `query ($id: ID!) { execution(id: $id) { id calls { reason durationMs messages { role content } } } }`;
    const messages = call.messages;
    expect(await query(document, { id })).toEqual({
      data: {
        execution: {
          id,
          calls: [
            { reason: 'first', durationMs: 12.5, messages },
            { reason: 'parse_retry', durationMs: 12.5, messages },
          ],
        },
      },
    });
  });

  it('are null in GraphQL where they are large and those of several executions are asked for', async () => {
    const [long, short, none] = [await create('Long?'), await create(), await create('Cached?')];
    const list = `query ($ids: [ID!]) { executions(filter: { id: { in: $ids } }, sort: "createdAt") {
      edges { node { id calls { index messages { content } } } } } }`;
    const several = await query(list, { ids: [long.id, short.id, none.id] });
    const why = [{ content: 'Why?' }];
    const nodes = [
      { id: long.id, calls: null },
      { id: short.id, calls: [{ index: 0, messages: why }, { index: 1, messages: why }] }, // prettier-ignore
      { id: none.id, calls: [] },
    ];
    expect(several).toEqual({ data: { executions: { edges: nodes.map((node) => ({ node })) } } });
    const whole = { id: long.id, calls: [{ index: 0, messages: [{ content: LONG }] }] };
    expect(await query(list, { ids: [long.id] })).toEqual({ data: { executions: { edges: [{ node: whole }] } } });
  });

  describe('and dead letters', () => {
    const write = async (rows: number, at: Date): Promise<void> => {
      await service.dataSource.query(
        `INSERT INTO execution.model_calls (tenant, execution_id, calls, created_at)
         SELECT 'old', gen_random_uuid(), '[]', $2 FROM generate_series(1, $1)`,
        [rows, at],
      );
      await service.dataSource.query(
        `INSERT INTO execution.dead_letters (tenant, id, subject, code, message, attempts, created_at)
         SELECT 'old', gen_random_uuid(), 's', 'worker_crashed', 'm', 1, $2 FROM generate_series(1, $1)`,
        [rows, at],
      );
    };
    const left = async (table: string): Promise<string[]> => {
      const rows = await service.dataSource.query<{ created_at: Date }[]>(
        `SELECT created_at FROM execution.${table} WHERE tenant = 'old' ORDER BY created_at`,
      );
      return rows.map(({ created_at }) => created_at.toISOString());
    };
    beforeEach(async () => {
      for (const table of ['model_calls', 'dead_letters']) {
        await service.dataSource.query(`DELETE FROM execution.${table} WHERE tenant = 'old'`);
      }
    });

    it('are deleted when their time is over, not sooner', async () => {
      const [young, month, quarter] = [daysAgo(29.9), daysAgo(30.1), daysAgo(90.1)];
      for (const at of [young, month, quarter]) await write(1, at);
      expect(await service.app.get(RetentionService).purge(NOW)).toEqual({
        modelCalls: 2,
        coercions: 0,
        deadLetters: 1,
      });
      expect(await left('model_calls')).toEqual([young.toISOString()]);
      expect(await left('dead_letters')).toEqual([month.toISOString(), young.toISOString()]);
    });

    it('are deleted in batches, by any number of replicas at once, each row by one', async () => {
      const another = await startReplica(service);
      await write(2_500, daysAgo(100));
      const purged = await Promise.all(
        [service.app, another, service.app].map((app) => app.get(RetentionService).purge(NOW)),
      );
      expect(purged.reduce((sum, { modelCalls }) => sum + modelCalls, 0)).toBe(2_500);
      expect(purged.reduce((sum, { deadLetters }) => sum + deadLetters, 0)).toBe(2_500);
      expect([...(await left('model_calls')), ...(await left('dead_letters'))]).toEqual([]);
      await another.close();
    });
  });

  it('are recorded without contents where nothing is to be retained', async () => {
    const forgetful = await startExecution({ DSPY_NEST_RECORD_RETENTION_DAYS: 0 });
    const witness = await ScriptedWorker.start(forgetful.servers.natsUrl);
    const request = { id: randomUUID(), program: 'qa', inputs: { question: 'Why?' }, wait: true };
    await forgetful.client.request(forgetful.ctx, REQUESTS.executionCreate, request);
    expect(witness.jobs.map(({ record }) => record)).toEqual([false]);
    expect((await create()).status).toBe('succeeded');
    expect(worker.jobs.at(-1)?.record).toBe(true);
    await witness.stop();
    await forgetful.stop();
  });
});

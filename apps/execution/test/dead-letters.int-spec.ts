import { randomUUID } from 'node:crypto';
import { type DeadLetterV1, type ExecutionCreateV1, type ExecutionV1, type Page, REQUESTS } from '@dspy-nest/contracts';
import { ScriptedWorker, eventually } from '@dspy-nest/testing';
import { Sweeper } from '../src/recovery/sweeper';
import { type RunningExecution, errorOf, startExecution } from './running-execution';

const answer = { outputs: { answer: 'Because.' } };
const crashed = {
  error: { code: 'worker_crashed', message: 'It ended its worker three times.', retryable: false, details: {} },
};

jest.setTimeout(30_000);

describe('dead letters', () => {
  let service: RunningExecution;
  let worker: ScriptedWorker;
  let fails: boolean;

  beforeAll(async () => {
    service = await startExecution();
    worker = await ScriptedWorker.start(service.servers.natsUrl);
    worker.onJob(() => (fails ? crashed : answer));
    await eventually(async () => expect((await ask<Page<unknown>>(REQUESTS.workerList, {})).items).toHaveLength(1));
  });
  beforeEach(() => (fails = false));
  afterAll(async () => {
    await worker.stop();
    await service.stop();
  });

  const ask = <T>(subject: string, message: object, tenant = 'default'): Promise<T> =>
    service.client.request<T>({ ...service.ctx, tenant }, subject, message);
  const create = (change: Partial<ExecutionCreateV1> = {}): Promise<ExecutionV1> =>
    ask(REQUESTS.executionCreate, {
      id: randomUUID(),
      program: 'qa',
      inputs: { question: 'Why?' },
      wait: true,
      ...change,
    });
  const lettersOf = async (filter: object): Promise<DeadLetterV1[]> =>
    (await ask<Page<DeadLetterV1>>(REQUESTS.deadLetterList, { filter })).items;
  const letterOf = async (change: Partial<ExecutionCreateV1> = {}): Promise<DeadLetterV1> => {
    fails = true;
    const { id } = await create(change);
    fails = false;
    const [letter] = await lettersOf({ executionId: { eq: id } });
    if (letter === undefined) throw new Error(`Execution ${id} left no dead letter.`);
    return letter;
  };
  const replay = (id: string): Promise<ExecutionV1> =>
    ask(REQUESTS.deadLetterReplay, { id, executionId: randomUUID() });
  const graphql = async (query: string, variables: object): Promise<unknown> => {
    const response = await fetch(`${(await service.app.getUrl()).replace('[::1]', '127.0.0.1')}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    return response.json();
  };

  it('are left by executions that kept ending their worker, and by no others', async () => {
    const letter = await letterOf();
    expect(letter).toMatchObject({
      program: 'qa',
      code: 'worker_crashed',
      message: 'It ended its worker three times.',
      attempts: 1,
      worker: worker.id,
      replayedAs: null,
      replayedAt: null,
    });
    expect(letter.subject).toContain(letter.executionId);
    expect(await ask(REQUESTS.deadLetterGet, { id: letter.id })).toEqual(letter);
    const good = await create();
    expect(await lettersOf({ executionId: { eq: good.id } })).toEqual([]);
  });

  it('are listed by program, code and time, newest first', async () => {
    const [older, newer] = [await letterOf(), await letterOf()];
    const filter = { program: { eq: 'qa' }, code: { eq: 'worker_crashed' }, createdAt: { gte: older.createdAt } };
    expect((await lettersOf(filter)).map(({ id }) => id)).toEqual([newer.id, older.id]);
    expect(await lettersOf({ ...filter, program: { eq: 'other' } })).toEqual([]);
    expect(await errorOf(lettersOf({ colour: { eq: 'x' } }))).toMatchObject({ code: 'validation_failed' });
  });

  it('are replayed as a new execution of the same, once, however often and at once they are', async () => {
    const letter = await letterOf({ timeoutMs: 12_345, maxRetries: 1, lane: 'interactive' });
    const replays = await Promise.all([replay(letter.id), replay(letter.id), replay(letter.id)]);
    const ids = new Set(replays.map(({ id }) => id));
    expect(ids.size).toBe(1);
    const [id] = ids;
    await eventually(async () =>
      expect(await ask(REQUESTS.executionGet, { id })).toMatchObject({
        status: 'succeeded',
        inputs: { question: 'Why?' },
      }),
    );
    expect(worker.jobs.filter(({ executionId }) => executionId === id)).toMatchObject([
      { timeoutMs: 12_345, maxRetries: 1, deadlineAt: null },
    ]);
    const marked = await ask<DeadLetterV1>(REQUESTS.deadLetterGet, { id: letter.id });
    expect(marked).toMatchObject({ replayedAs: id, replayedAt: expect.any(String) as string });
    expect(await replay(letter.id)).toMatchObject({ id, status: 'succeeded' });
  });

  it('can be replayed later when the replay was refused', async () => {
    const letter = await letterOf();
    await service.dataSource.query(`UPDATE execution.executions SET program_id = $1 WHERE id = $2`, [
      randomUUID(),
      letter.executionId,
    ]);
    expect(await errorOf(replay(letter.id))).toMatchObject({ code: 'program_not_found' });
    expect(await ask(REQUESTS.deadLetterGet, { id: letter.id })).toEqual(letter);
  });

  it('make the execution that a replay claimed before its replica died', async () => {
    const letter = await letterOf();
    const claimed = randomUUID();
    const now = new Date();
    await service.dataSource.query(
      `UPDATE execution.dead_letters SET replayed_as = $1, replayed_at = $2 WHERE id = $3`,
      [claimed, now, letter.id],
    );
    expect(await replay(letter.id)).toMatchObject({ id: claimed });
    await eventually(async () =>
      expect(await ask(REQUESTS.executionGet, { id: claimed })).toMatchObject({ status: 'succeeded' }),
    );
  });

  it('keep what is no job once, and cannot replay it', async () => {
    const report = { subject: 'dspy.job.execution.default-interactive.run.v1.x', problem: 'No JSON.\0', worker: 'w1' };
    const [first, again, other] = await Promise.all([
      ask<{ id: string }>(REQUESTS.jobUnreadable, report),
      ask<{ id: string }>(REQUESTS.jobUnreadable, { ...report, worker: 'w2' }),
      ask<{ id: string }>(REQUESTS.jobUnreadable, { ...report, problem: 'No program.' }),
    ]);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(await lettersOf({ code: { eq: 'job_unreadable' } })).toHaveLength(2);
    expect(await ask(REQUESTS.deadLetterGet, first)).toMatchObject({
      executionId: null,
      program: null,
      message: 'No JSON.\uFFFD',
      attempts: 0,
    });
    expect(await errorOf(replay(first.id))).toMatchObject({
      code: 'unsupported_option',
      message: expect.stringContaining('ask for the execution again') as string,
    });
  });

  it('are of their tenant alone', async () => {
    const { id } = await letterOf();
    const other = (subject: string): Promise<unknown> => ask(subject, { id, executionId: randomUUID() }, 'other');
    expect(await errorOf(ask(REQUESTS.deadLetterGet, { id }, 'other'))).toMatchObject({
      code: 'dead_letter_not_found',
    });
    expect(await errorOf(other(REQUESTS.deadLetterReplay))).toMatchObject({ code: 'dead_letter_not_found' });
  });

  it('are read and replayed by GraphQL', async () => {
    const letter = await letterOf();
    const read = `query ($id: ID!) { deadLetter(id: $id) { id code }
      deadLetters(first: 5, filter: { id: { eq: $id } }) { edges { node { executionId } } pageInfo { hasNextPage } } }`;
    expect(await graphql(read, { id: letter.id })).toEqual({
      data: {
        deadLetter: { id: letter.id, code: 'worker_crashed' },
        deadLetters: { edges: [{ node: { executionId: letter.executionId } }], pageInfo: { hasNextPage: false } },
      },
    });
    const again = `mutation ($id: ID!) { replayDeadLetter(id: $id) { programName program { id } status } }`;
    expect(await graphql(again, { id: letter.id })).toMatchObject({
      data: { replayDeadLetter: { programName: 'qa', status: 'QUEUED' } },
    });
    expect(await graphql(read, { id: randomUUID() })).toMatchObject({
      errors: [{ extensions: { code: 'dead_letter_not_found' } }],
    });
  });

  it('are left by an execution whose job keeps being lost', async () => {
    await worker.stop();
    const { id } = await create({ wait: false });
    await service.dataSource.query(`UPDATE execution.executions SET epoch = 10 WHERE id = $1`, [id]);
    await service.nats.request(
      '$JS.API.STREAM.PURGE.DSPY_JOBS',
      JSON.stringify({ filter: `dspy.job.execution.*.run.v1.${id}` }),
    );
    await service.app.get(Sweeper).sweep(new Date(Date.now() + 11_000));
    expect(await ask(REQUESTS.executionGet, { id })).toMatchObject({
      status: 'failed',
      error: { code: 'worker_crashed', retryable: false },
    });
    const [letter] = await lettersOf({ executionId: { eq: id } });
    expect(letter).toMatchObject({ code: 'worker_crashed', message: expect.stringContaining('10 times') as string });
  });
});

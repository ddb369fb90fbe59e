import { randomUUID } from 'node:crypto';
import { REQUESTS, type ExecutionCreateV1, type ExecutionV1 } from '@dspy-nest/contracts';
import { TokenLog, type StoredTokens } from '@dspy-nest/messaging';
import { ScriptedWorker, eventually, type JobHandler, type ToldTokens } from '@dspy-nest/testing';
import { type RunningExecution, startExecution } from './running-execution';

jest.setTimeout(30_000);

let service: RunningExecution;
let worker: ScriptedWorker;
beforeAll(async () => {
  service = await startExecution();
  worker = await ScriptedWorker.start(service.servers.natsUrl);
});
afterAll(async () => {
  await worker?.stop();
  await service?.stop();
});

const ask = <T = ExecutionV1>(subject: string, message: object): Promise<T> =>
  service.client.request<T>(service.ctx, subject, message, { timeoutMs: 20_000 });
const create = (change: Partial<ExecutionCreateV1> = {}): Promise<ExecutionV1> =>
  ask(REQUESTS.executionCreate, {
    id: randomUUID(),
    program: 'qa',
    inputs: { question: 'Why?' },
    wait: true,
    stream: true,
    ...change,
  });
const ended = (id: string): Promise<ExecutionV1> =>
  eventually(async () => {
    const execution = await ask(REQUESTS.executionGet, { id });
    expect(execution.finishedAt).not.toBeNull();
    return execution;
  });

/** What the job of an execution says of tokens. */
async function streamOf(change: Partial<ExecutionCreateV1>): Promise<unknown> {
  worker.onJob(() => ({}));
  const { id } = await create({ stream: undefined, ...change });
  await ended(id);
  return worker.jobs.find(({ executionId }) => executionId === id)?.stream;
}

/** A worker that tells these, then hangs. */
function hanging(...deltas: string[]): { handler: JobHandler; tokens: Promise<ToldTokens> } {
  const { promise, resolve } = Promise.withResolvers<ToldTokens>();
  const handler: JobHandler = async (job) => {
    const tokens = await job.tokens();
    await tokens.say('answer', ...deltas);
    resolve(tokens);
    return new Promise(() => undefined);
  };
  return { handler, tokens: promise };
}

it('has tokens told to who does not wait and to whoever asks for them, and to no batch', async () => {
  expect(await streamOf({ wait: false })).toBe(true);
  expect(await streamOf({ wait: true })).toBeUndefined();
  expect(await streamOf({ wait: false, stream: false })).toBeUndefined();
  expect(await streamOf({ wait: true, stream: true })).toBe(true);
});

it('keeps after which number the outputs come', async () => {
  worker.onJob(async (job) => {
    await (await job.tokens()).say('answer', 'Be', 'cause');
    return { outputs: { answer: 'Because' } };
  });
  const execution = await create();
  expect(execution).toMatchObject({ stream: true, lastSequence: 4 });
  expect(await ask(REQUESTS.executionGet, { id: execution.id })).toEqual(execution);
});

it('finds that number when a worker does not say it', async () => {
  worker.onJob(async (job) => {
    await (await job.tokens()).say('answer', 'Be', 'cause');
    return { lastSequence: undefined };
  });
  expect(await create()).toMatchObject({ lastSequence: 4 });
  worker.onJob(() => ({}));
  expect(await create()).toMatchObject({ lastSequence: null });
});

it.each(['cancelled', 'timed_out'] as const)(
  'lets a worker tell nothing any more once an execution was %s',
  async (status) => {
    const { handler, tokens } = hanging('a', 'b', 'c');
    worker.onJob(handler);
    const id = randomUUID();
    const run = create({ id, ...(status === 'timed_out' && { timeoutMs: 500 }) });
    const told = await tokens;
    if (status === 'cancelled') await ask(REQUESTS.executionCancel, { id });
    expect(await run).toMatchObject({ status, lastSequence: 5 });
    await expect(told.say('answer', 'late')).rejects.toThrow(/last sequence/);
    const { messages } = await service.app.get(TokenLog).read('default', id, 0);
    expect(messages.map(({ first, events }: StoredTokens) => [first, events.length])).toEqual([[3, 1], [4, 1], [5, 1], [6, 0]]); // prettier-ignore
  },
);

it('numbers no tokens of an execution that was cancelled before it began', async () => {
  const id = randomUUID();
  const rest = await service.app.get(TokenLog).shut('default', id);
  expect(rest).toBeNull();
  await expect(service.app.get(TokenLog).last('default', id)).resolves.toBe(2);
});

import { randomUUID } from 'node:crypto';
import {
  type ExecutionRunV1,
  type ExecutionV1,
  type ModelCallV1,
  type Page,
  type RecordingV1,
  REQUESTS,
} from '@dspy-nest/contracts';
import { ScriptedWorker, eventually } from '@dspy-nest/testing';
import { type RunningExecution, errorOf, startExecution } from './running-execution';

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

jest.setTimeout(30_000);

describe('an execution done again', () => {
  let service: RunningExecution;
  let worker: ScriptedWorker;
  let calls: ModelCallV1[];
  let jobs: ExecutionRunV1[];

  const work = (job: ExecutionRunV1): object => {
    jobs.push(job);
    return { outputs: { answer: `Answer ${jobs.length}` }, calls };
  };

  beforeAll(async () => {
    service = await startExecution();
    service.publish('toolbox', 'question: string -> answer: string', 1, { tools: ['look-up'] });
    worker = await ScriptedWorker.start(service.servers.natsUrl);
    worker.onJob(work);
    await eventually(async () => expect((await ask<Page<unknown>>(REQUESTS.workerList, {})).items).toHaveLength(1));
  });
  beforeEach(() => {
    calls = [call];
    jobs = [];
  });
  afterAll(async () => {
    await worker.stop();
    await service.stop();
  });

  const ask = <T>(subject: string, message: object, ctx: object = {}): Promise<T> =>
    service.client.request<T>({ ...service.ctx, ...ctx }, subject, message);
  const create = (members: object = {}): Promise<ExecutionV1> =>
    ask(REQUESTS.executionCreate, {
      id: randomUUID(),
      program: 'qa',
      inputs: { question: 'Why?' },
      wait: true,
      ...members,
    });
  const again = (subject: string, of: string, members: object = {}): Promise<ExecutionV1> =>
    ask(subject, { id: randomUUID(), of, wait: true, ...members });

  it('by a rerun is a new one with the same inputs and settings that names the first', async () => {
    const first = await create({ timeoutMs: 7_000, format: 'json' });
    const rerun = await again(REQUESTS.executionRerun, first.id);
    expect(rerun).toMatchObject({ status: 'succeeded', rerunOf: first.id, inputs: first.inputs, format: 'json' });
    expect(rerun.outputs).toEqual({ answer: 'Answer 2' });
    expect(rerun).not.toHaveProperty('replayOf');
    expect(jobs[1]).toMatchObject({ timeoutMs: 7_000, version: first.version });
    expect(jobs[1]).not.toHaveProperty('replayOf');
    expect(await ask(REQUESTS.executionGet, { id: rerun.id })).toMatchObject({ rerunOf: first.id });
  });

  it('by a replay gives a worker the recording of the first, also where that is a replay', async () => {
    const first = await create();
    const replay = await again(REQUESTS.executionReplay, first.id);
    expect(replay).toMatchObject({ status: 'succeeded', replayOf: first.id });
    expect(jobs[1]).toMatchObject({ replayOf: first.id, record: false });
    expect(await ask<RecordingV1>(REQUESTS.executionRecording, { id: first.id })).toEqual({
      calls: [call],
      outputs: first.outputs,
    });
    expect(await again(REQUESTS.executionReplay, replay.id)).toMatchObject({ replayOf: first.id });
  });

  it('by GraphQL is told as an execution, also when it does not succeed, and refused with its code', async () => {
    const graphql = async (field: string, id: string): Promise<unknown> => {
      const query = `mutation { ${field}(id: "${id}") { status rerunOf replayOf outputs error { code } programName } }`;
      const headers = { 'content-type': 'application/json' };
      const url = `${await service.app.getUrl()}/graphql`;
      return (await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) })).json();
    };
    const { id } = await create();
    const told = { status: 'SUCCEEDED', outputs: { answer: 'Answer 2' }, error: null, programName: 'qa' };
    expect(await graphql('rerunExecution', id)).toEqual({
      data: { rerunExecution: { ...told, rerunOf: id, replayOf: null } },
    });
    expect(await graphql('replayExecution', id)).toMatchObject({
      data: { replayExecution: { status: 'SUCCEEDED', rerunOf: null, replayOf: id } },
    });
    expect(jobs[2]).toMatchObject({ replayOf: id });
    worker.onJob(() => ({
      error: { code: 'replay_diverged', message: 'Other outputs.', retryable: false, details: {} },
    }));
    expect(await graphql('replayExecution', id)).toMatchObject({
      data: { replayExecution: { status: 'FAILED', outputs: null, error: { code: 'replay_diverged' } } },
    });
    worker.onJob(work);
    calls = [];
    const unrecorded = await create();
    expect(await graphql('replayExecution', unrecorded.id)).toMatchObject({
      errors: [{ extensions: { code: 'not_replayable' } }],
    });
    for (const field of ['rerunExecution', 'replayExecution'])
      expect(await graphql(field, randomUUID())).toMatchObject({
        errors: [{ extensions: { code: 'execution_not_found' } }],
      });
  });

  it('with a key is done once', async () => {
    const { id } = await create();
    for (const subject of [REQUESTS.executionRerun, REQUESTS.executionReplay]) {
      const ctx = { idempotencyKey: randomUUID() };
      const keyed = (): Promise<ExecutionV1> => ask(subject, { id: randomUUID(), of: id, wait: true }, ctx);
      expect((await keyed()).id).toBe((await keyed()).id);
    }
  });

  it.each([
    ['its calls are kept no more', 'qa', [], 'not kept'],
    ['an answer was cut', 'qa', [{ ...call, truncated: true }], 'model call 0'],
    ['its program calls tools', 'toolbox', [call], 'calls tools'],
  ])('is no replay where %s', async (_what, program, recorded, why) => {
    calls = recorded;
    const { id } = await create({ program });
    const error = await errorOf(again(REQUESTS.executionReplay, id));
    expect(error).toMatchObject({ code: 'not_replayable' });
    expect(error.message).toContain(why);
    expect(jobs).toHaveLength(1);
  });

  it('has to be there', async () => {
    for (const subject of [REQUESTS.executionRerun, REQUESTS.executionReplay]) {
      expect(await errorOf(again(subject, randomUUID()))).toMatchObject({ code: 'execution_not_found' });
    }
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DspyNest } from '@dspy-nest/client';
import { dspyAnswer, eventually, natsLogin, ScriptedModelServer } from '@dspy-nest/testing';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { exitOf, isUp, killSuites, startSuite, type Suite } from './running-suite';
import { removeTemporaryFolders } from './temporary-folder';

jest.setTimeout(120_000);

const SIGNATURE = 'question: string -> answer: string, score: int(min=1, max=5)';
const OUTPUTS = { answer: 'So.', score: 4 };
const PATIENCE = { timeoutMs: 60_000 };

/** What each adapter needs to be told beside its name. */
const ADAPTERS = {
  python: {},
  native: {},
  multi: { models: ['default', 'second'], multi: { strategy: 'first' } },
  router: { models: ['default', 'second'] },
} as const;
const NAMES = Object.keys(ADAPTERS) as (keyof typeof ADAPTERS)[];
/** Members of an execution that may differ from one to the next; the attempt, as it may end before it is told to have begun. */
const OWN = [
  'attempt',
  'model',
  'id',
  'program',
  'programId',
  'signature',
  'adapter',
  'format',
  'worker',
  'timing',
  'traceId',
  'usage',
];

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}
type Execution = Readonly<Record<string, unknown>> & { readonly id: string; readonly adapter: string };

let model: ScriptedModelServer;
let suite: Suite;
let nats: NatsConnection;
let worker: ChildProcess;
const ended = new Map<string, number>();

beforeAll(async () => {
  model = await ScriptedModelServer.start();
  suite = await startSuite(['--empty'], {
    DSPY_NEST_WORKERS: '0',
    DSPY_NEST_MODEL_NETWORKS: '127.0.0.0/8',
    DSPY_NEST_LM_BASE_URL: model.url,
    DSPY_NEST_LM_MODEL: 'scripted-1',
  });
  expect(await isUp(suite)).toBe(true);
  nats = await connect(natsLogin(natsUrl(), 'contract'));
  nats.subscribe('dspy.evt.default.execution.execution.*.v1', {
    callback: (_error, message) => {
      const { subject } = message.json<{ subject: string }>();
      ended.set(subject, (ended.get(subject) ?? 0) + 1);
    },
  });
});
afterAll(async () => {
  await nats?.close();
  suite.process.kill('SIGTERM');
  expect(await exitOf(suite)).toBe(0);
  await model.stop();
  killSuites();
  removeTemporaryFolders();
});

beforeEach(() => {
  const hung = new Set<string>();
  model.reply((request) => {
    const prompt = JSON.stringify(request.body?.messages);
    if (prompt.includes('Busy?')) return { status: 503, text: 'busy' };
    if (prompt.includes('Refused?')) return { status: 400, text: 'no' };
    if (prompt.includes('Garbage?')) return 'utter garbage';
    if (prompt.includes('Slow?')) return { hang: true };
    const [once] = /Slow once [0-9a-f-]+\?/.exec(prompt) ?? [];
    if (once === undefined || hung.has(once)) return { text: dspyAnswer(OUTPUTS)(request) };
    hung.add(once);
    return { hang: true };
  });
});

const natsUrl = (): string => readFileSync(join(suite.home, 'nats-url'), 'utf8').trim();

async function ask(method: string, path: string, body?: object, headers: object = {}): Promise<Answer> {
  const response = await fetch(`${suite.url}${path}`, {
    method,
    headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Answer['body']) };
}
const post = (path: string, body: object, headers: object = {}): Promise<Answer> => ask('POST', path, body, headers);
const execute = (program: string, question: unknown, more: object = {}, headers: object = {}): Promise<Answer> =>
  post(`/v1/programs/${program}/executions`, { inputs: { question }, ...more }, headers);
const submit = async (program: string, question: string): Promise<Execution> =>
  (await execute(program, question, {}, { prefer: 'respond-async' })).body as Execution;
const stored = async (id: string): Promise<Execution> => (await ask('GET', `/v1/executions/${id}`)).body as Execution;

/** Waits until an execution has ended. */
const endOf = (id: string): Promise<Execution> =>
  eventually(async () => {
    const execution = await stored(id);
    expect(execution['finishedAt']).not.toBeNull();
    return execution;
  }, PATIENCE);

async function graphql(query: string, variables: object): Promise<unknown> {
  const { body } = await post('/graphql', { query, variables });
  expect(body['errors']).toBeUndefined();
  return body['data'];
}

function startWorker(): ChildProcess {
  const env = { ...process.env, NATS_URL: natsUrl(), PYTHONPATH: 'python-worker/src' };
  return spawn('.venv/bin/python', ['-m', 'dspy_worker'], {
    env: { ...env, DSPY_NEST_MODEL_NETWORKS: '127.0.0.0/8' },
    stdio: 'ignore',
  });
}
const isServed = (): Promise<void> =>
  eventually(async () => expect((await fetch(`${suite.url}/readyz`)).status).toBe(200), PATIENCE);

describe('while no worker lives', () => {
  let waiting: Execution;

  it('work waits for one, unless its program falls back to native', async () => {
    await post('/v1/programs', { name: 'patient', signature: SIGNATURE });
    await post('/v1/programs', { name: 'careful', signature: SIGNATURE, config: { fallback: 'native' } });
    expect((await fetch(`${suite.url}/readyz`)).status).toBe(503);
    waiting = await submit('patient', 'Later?');
    const [refused, answered] = await Promise.all([execute('patient', 'Now?'), execute('careful', 'Now?')]);
    expect(refused).toMatchObject({ status: 503, body: { code: 'no_worker' } });
    expect(answered).toMatchObject({ status: 200, body: { adapter: 'native', format: 'json', outputs: OUTPUTS } });
    expect(await stored(waiting.id)).toMatchObject({ status: 'queued' });
  });

  it('and is done when one joins', async () => {
    worker = startWorker();
    await isServed();
    expect(await endOf(waiting.id)).toMatchObject({ status: 'succeeded', adapter: 'python' });
    expect(await execute('careful', 'Now?')).toMatchObject({ status: 200, body: { adapter: 'python' } });
  });
});

describe('the contract of the adapters', () => {
  /** Asks all adapters the same at once; resolves to their answers in the order of NAMES. */
  const ofAll = <T>(one: (program: string, adapter: string) => Promise<T>): Promise<T[]> =>
    Promise.all(NAMES.map((name) => one(`by-${name}`, name)));
  /** Expects of the answers of all adapters that they are alike. */
  function expectAlike(answers: readonly unknown[]): void {
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  }
  const shapeOf = (execution: object): object => ({
    members: Object.keys(execution).sort(),
    rest: Object.fromEntries(Object.entries(execution).filter(([name]) => !OWN.includes(name) && !name.endsWith('At'))),
  });

  it('creates, reads and updates a program', async () => {
    await post('/v1/models', { name: 'second', model: 'scripted-1', baseUrl: model.url });
    const query = `query ($id: ID!) { program(id: $id) { name version adapter config } }`;
    const update = `mutation ($input: UpdateProgramInput!) { updateProgram(input: $input) { version } }`;
    await ofAll(async (name, adapter) => {
      const config = ADAPTERS[adapter as keyof typeof ADAPTERS];
      const created = await post('/v1/programs', { name, signature: SIGNATURE, adapter, config });
      expect(created).toMatchObject({ status: 201, body: { name, version: 1, adapter, config } });
      expect(await ask('GET', `/v1/programs/${name}`)).toMatchObject({ status: 200, body: { adapter, config } });
      const timeoutMs = 30_000;
      expect(await graphql(update, { input: { name, config: { ...config, timeoutMs } } })).toEqual({
        updateProgram: { version: 2 },
      });
      expect(await graphql(query, { id: name })).toEqual({
        program: { name, version: 2, adapter, config: { ...config, timeoutMs } },
      });
    });
  });

  const noRetries = { maxRetries: 0 };
  it.each([
    ['good input', 'Good?', {}, { status: 200, body: { status: 'succeeded', outputs: OUTPUTS, attempt: 1 } }],
    ['bad input', 5, {}, { status: 422, body: { code: 'invalid_inputs', errors: [{ pointer: '/inputs/question' }] } }],
    ['a busy model', 'Busy?', noRetries, { status: 502, body: { code: 'model_unavailable' } }],
    ['a model that refuses', 'Refused?', noRetries, { status: 502, body: { code: 'model_error' } }],
    ['an answer that cannot be read', 'Garbage?', noRetries, { status: 502, body: { code: 'output_invalid' } }],
    ['a model that is slow', 'Slow?', { timeoutMs: 500 }, { status: 504, body: { code: 'timed_out' } }],
  ])('answers alike for %s', async (_what, question, more, expected) => {
    const answers = await ofAll((program) => execute(program, question, more));
    for (const answer of answers) expect(answer).toMatchObject(expected);
    const executions = answers.map(({ status, body }) => (status === 200 ? body : body['execution']));
    if (executions[0] === undefined) {
      expectAlike(answers.map(({ body }) => ({ ...body, detail: '', instance: '', traceId: '' })));
      return;
    }
    expect(executions.map((execution) => (execution as Execution).adapter)).toEqual(NAMES);
    // What went wrong is told in the words of each.
    expectAlike(
      executions.map((execution) => {
        const { error, ...rest } = execution as { error: { code: string; retryable: boolean } | null };
        return { ...shapeOf(rest), error: error && { code: error.code, retryable: error.retryable } };
      }),
    );
    await ofAll(async (_program, adapter) => {
      const execution = executions[NAMES.indexOf(adapter as (typeof NAMES)[number])] as Execution;
      expect(await stored(execution.id)).toEqual(execution);
    });
  });

  it('answers alike by REST, GraphQL, NATS and the TypeScript client', async () => {
    const inputs = { question: 'Good?' };
    const mutation = `mutation ($id: ID!, $inputs: JSON!) { executeProgram(programId: $id, inputs: $inputs) {
      status outputs adapter attempt cached error { code } } }`;
    const client = new DspyNest({ url: suite.url });
    const answers = await ofAll(async (program, adapter) => {
      const expected = { outputs: OUTPUTS, adapter, attempt: 1, cached: false, error: null };
      expect((await execute(program, inputs.question)).body).toMatchObject({ status: 'succeeded', ...expected });
      expect(await graphql(mutation, { id: program, inputs })).toEqual({
        executeProgram: { status: 'SUCCEEDED', ...expected },
      });
      const request = JSON.stringify({ program, inputs });
      const reply = await nats.request('dspy.req.default.execution.program.execute.v1', request, { timeout: 20_000 });
      expect(reply.json()).toMatchObject({ ok: true, data: { status: 'succeeded', ...expected } });
      return client.program(program).execute(inputs);
    });
    expectAlike(answers.map((execution) => shapeOf(execution)));
    expect(answers.map(({ adapter }) => adapter)).toEqual(NAMES);
  });

  it('cancels what runs, and no more than once', async () => {
    await ofAll(async (program) => {
      const { id } = await submit(program, 'Slow?');
      await eventually(async () => expect(await stored(id)).toMatchObject({ status: 'running' }), PATIENCE);
      const { aborted } = model;
      expect(await post(`/v1/executions/${id}/cancel`, {})).toMatchObject({
        status: 200,
        body: { status: 'cancelled' },
      });
      expect(await post(`/v1/executions/${id}/cancel`, {})).toMatchObject({
        status: 409,
        body: { code: 'execution_finished' },
      });
      expect(await stored(id)).toMatchObject({ status: 'cancelled', outputs: null, error: { code: 'cancelled' } });
      await eventually(() => expect(model.aborted).toBeGreaterThan(aborted));
    });
  });

  it('knows a key again', async () => {
    await ofAll(async (program) => {
      const headers = { 'idempotency-key': randomUUID() };
      const first = await execute(program, 'Good?', {}, headers);
      expect(await execute(program, 'Good?', {}, headers)).toEqual(first);
      expect(await execute(program, 'Other?', {}, headers)).toMatchObject({
        status: 422,
        body: { code: 'idempotency_key_reused' },
      });
    });
  });

  it('deletes a program', async () => {
    await ofAll(async (program) => {
      expect(await ask('DELETE', `/v1/programs/${program}`)).toMatchObject({ status: 204 });
      const gone = { status: 404, body: { code: 'program_not_found' } };
      expect(await ask('GET', `/v1/programs/${program}`)).toMatchObject(gone);
      await eventually(async () => expect(await execute(program, 'Good?')).toMatchObject(gone));
    });
  });
});

it('takes work from a worker that is killed, gives the next one work again, and loses and doubles none', async () => {
  const running = await Promise.all(['careful', 'patient'].map((name) => submit(name, `Slow once ${randomUUID()}?`)));
  await eventually(async () => {
    for (const { id } of running) expect(await stored(id)).toMatchObject({ status: 'running', adapter: 'python' });
  }, PATIENCE);
  worker.kill('SIGKILL');
  // Nobody knows yet that it is dead.
  const waiting = await Promise.all(Array.from({ length: 20 }, () => submit('careful', 'Good?')));
  const [taken, patient] = running as [Execution, Execution];
  for (const { id } of [taken, ...waiting]) {
    expect(await endOf(id)).toMatchObject({ status: 'succeeded', adapter: 'native', outputs: OUTPUTS, attempt: 2 });
  }
  expect(await execute('careful', 'Good?')).toMatchObject({ status: 200, body: { adapter: 'native', attempt: 1 } });

  worker = startWorker();
  await isServed();
  expect(await endOf(patient.id)).toMatchObject({ status: 'succeeded', adapter: 'python', attempt: 2 });
  expect(await execute('careful', 'Good?')).toMatchObject({ status: 200, body: { adapter: 'python' } });
  const ids = [taken, patient, ...waiting].map(({ id }) => id);
  await eventually(() => expect(ids.map((id) => ended.get(id))).toEqual(ids.map(() => 1)));
  const metrics = await (await fetch(`${suite.url}/metrics`)).text();
  expect(metrics).toMatch(/^dspy_fallbacks_total\S* 23$/m);
  worker.kill('SIGTERM');
  expect(await once(worker, 'exit')).toEqual([0, null]);
});

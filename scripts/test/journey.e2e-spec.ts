import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dspyAnswer, eventually, ScriptedModelServer } from '@dspy-nest/testing';
import { exitOf, isUp, killSuites, startSuite, type Suite } from './running-suite';
import { removeTemporaryFolders } from './temporary-folder';

const KEY = 'sk-journey-0123456789';
const CREATE = { method: 'POST', headers: { 'content-type': 'application/json' } };
jest.setTimeout(120_000);
afterAll(removeTemporaryFolders);

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

async function post(suite: Suite, path: string, body: object, headers: Record<string, string> = {}): Promise<Answer> {
  const init = { ...CREATE, headers: { ...CREATE.headers, ...headers }, body: JSON.stringify(body) };
  const response = await fetch(`${suite.url}${path}`, init);
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
}

async function get<T>(suite: Suite, path: string): Promise<T> {
  return (await (await fetch(`${suite.url}${path}`)).json()) as T;
}

const execute = (suite: Suite, question: string, more: object = {}): Promise<Answer> =>
  post(suite, '/v1/programs/qa/executions', { inputs: { question }, ...more });

async function stop(suite: Suite): Promise<void> {
  suite.process.kill('SIGTERM');
  expect(await exitOf(suite)).toBe(0);
}

/** The files below a folder that hold a text. */
function filesWith(folder: string, text: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((file) => join(file.parentPath, file.name)).filter((file) => readFileSync(file).includes(text));
}

describe('a signature answered by way of gateway, NATS, execution service and a real worker', () => {
  let model: ScriptedModelServer;
  let suite: Suite;

  beforeAll(async () => {
    model = await ScriptedModelServer.start();
    suite = await startSuite(['--empty'], {
      DSPY_NEST_LM_BASE_URL: model.url,
      DSPY_NEST_LM_MODEL: 'scripted-1',
      DSPY_NEST_LM_API_KEY: KEY,
    });
    expect(await isUp(suite)).toBe(true);
    const signature = 'question: string -> answer: string, confidence: probability';
    expect(await post(suite, '/v1/programs', { name: 'qa', signature })).toMatchObject({ status: 201 });
  });
  afterAll(async () => {
    await stop(suite);
    await model.stop();
    killSuites();
  });
  beforeEach(() => model.reply(dspyAnswer({ answer: 'Paris', confidence: 0.9 })));

  it("sends DSPy's chat prompt with the key, gives the reply back typed, and keeps the key to itself", async () => {
    const { status, body } = await execute(suite, 'Capital of France?');
    expect([status, body]).toMatchObject([200, { status: 'succeeded', outputs: { answer: 'Paris', confidence: 0.9 } }]);
    const asked = model.requests.at(-1);
    expect(asked?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(asked?.body?.model).toBe('scripted-1');
    expect(JSON.stringify(asked?.body?.messages)).toContain('[[ ## question ## ]]');
    expect(JSON.stringify([body, await get(suite, '/v1/models')])).not.toContain(KEY);
    expect(filesWith(suite.home, KEY)).toEqual([]);
  });

  it('runs by GraphQL, joining what two services know', async () => {
    const query =
      'mutation ($inputs: JSON!) { executeProgram(programId: "qa", inputs: $inputs) { status outputs program { name signature { name } } } }';
    const { body } = await post(suite, '/graphql', { query, variables: { inputs: { question: 'Capital?' } } });
    expect(body).toEqual({
      data: {
        executeProgram: {
          status: 'SUCCEEDED',
          outputs: { answer: 'Paris', confidence: 0.9 },
          program: { name: 'qa', signature: { name: 'Qa' } },
        },
      },
    });
  });

  it('tells a model that answers garbage from one that is dead', async () => {
    model.reply('utter garbage');
    expect(await execute(suite, 'Why?')).toMatchObject({ status: 502, body: { code: 'output_invalid' } });
    await post(suite, '/v1/models', { name: 'dead', model: 'm', baseUrl: 'http://127.0.0.1:9/v1' });
    const dead = await execute(suite, 'Why?', { model: 'dead' });
    expect(dead).toMatchObject({ status: 502, body: { code: 'model_unavailable', execution: { status: 'failed' } } });
    expect(dead.headers.get('location')).toMatch(/^\/v1\/executions\//);
  });

  it('survives kill -9 of the worker in mid-execution: attempt 2, one row', async () => {
    const asked = model.requests.length;
    model.reply((request) => ({ ...dspyReply(request), delayMs: request.index === asked ? 60_000 : 0 }));
    const call = execute(suite, 'Slow?');
    await eventually(() => expect(model.requests.length).toBeGreaterThan(asked));
    const { items } = await get<{ items: { pid: number }[] }>(suite, '/v1/workers');
    process.kill(items[0]?.pid ?? 0, 'SIGKILL');
    const { body } = await call;
    expect(body).toMatchObject({ status: 'succeeded', attempt: 2, outputs: { answer: 'Paris' } });
    const rows = await get<{ items: { id: string }[] }>(suite, `/v1/executions?filter[id][eq]=${String(body.id)}`);
    expect(rows.items).toHaveLength(1);
  });

  function dspyReply(request: Parameters<ReturnType<typeof dspyAnswer>>[0]): { text: string } {
    return { text: dspyAnswer({ answer: 'Paris', confidence: 0.9 })(request) };
  }
});

it('waits for work without a worker, and does it when one joins', async () => {
  const model = await ScriptedModelServer.start();
  model.reply(dspyAnswer({ answer: 'Paris' }));
  const suite = await startSuite([], {
    DSPY_NEST_WORKERS: '0',
    DSPY_NEST_LM_BASE_URL: model.url,
    DSPY_NEST_LM_MODEL: 'scripted-1',
  });
  expect(await isUp(suite)).toBe(true);
  await post(suite, '/v1/programs', { name: 'qa', signature: 'question -> answer' });
  expect((await fetch(`${suite.url}/readyz`)).status).toBe(503);
  const refused = await execute(suite, 'Now?');
  expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([503, 'no_worker', '5']);
  const path = '/v1/programs/qa/executions';
  const accepted = await post(suite, path, { inputs: { question: 'Later?' } }, { prefer: 'respond-async' });
  expect(accepted).toMatchObject({ status: 202, body: { status: 'queued' } });

  const env = {
    ...process.env,
    NATS_URL: readFileSync(join(suite.home, 'nats-url'), 'utf8').trim(),
    PYTHONPATH: 'python-worker/src',
  };
  const worker = spawn('.venv/bin/python', ['-m', 'dspy_worker'], { env, stdio: 'ignore' });
  const patience = { timeoutMs: 60_000 };
  await eventually(async () => expect((await fetch(`${suite.url}/readyz`)).status).toBe(200), patience);
  const location = accepted.headers.get('location') ?? '';
  await eventually(async () => expect(await get(suite, location)).toMatchObject({ status: 'succeeded' }), patience);
  worker.kill('SIGTERM');
  expect(await once(worker, 'exit')).toEqual([0, null]);
  await stop(suite);
  await model.stop();
});

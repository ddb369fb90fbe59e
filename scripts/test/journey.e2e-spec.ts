import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STREAMS } from '@dspy-nest/contracts';
import { hashSpec, parseSignature, type Field } from '@dspy-nest/signature';
import { dspyAnswer, eventually, ScriptedModelServer } from '@dspy-nest/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { PROGRAMS, readRecordedStreams } from '../streams/recorded-stream';
import { registerStreamed, runStreams } from '../streams/run-streams';
import { exitOf, isUp, killSuites, runInDatabase, startSuite, type Suite } from './running-suite';
import { removeTemporaryFolders } from './temporary-folder';

// The first is valid.
const DEFINITIONS = [
  'question: str, docs: list[str] -> label: Literal["a", "b"], score: float? "how sure"',
  'question: strin -> answer: list[optional[dict[string, boolen]]]',
  'question',
  'question -> question, class: int(minimum=1), x: int(min=5, max=1) = 3',
  'a: enum["x", "x"] -> b: tuple[int, int], c: dict[float, int]\n  -> d',
  'a: object{ b: "c" } => d: string(pattern="(?=x)")',
  '😀: string, é -> a: string "half \\ud800"',
];

interface Validation {
  valid: boolean;
  signature?: object;
  errors: { code: string }[];
}

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

/** The images in the messages of a request, as their URLs. */
function imagesOf(messages: unknown): string[] {
  type Part = { type: string; image_url?: { url: string } };
  const parts = (messages as { content: string | Part[] }[]).flatMap(({ content }) => content as (string | Part)[]);
  return parts.flatMap((part) => (typeof part === 'object' && part.image_url ? [part.image_url.url] : []));
}

async function messagesIn(suite: Suite, stream: string): Promise<number> {
  const { host, username, password } = new URL(readFileSync(join(suite.home, 'nats-url'), 'utf8').trim());
  const nats = await connect({ servers: host, user: username, pass: password });
  const { state } = await (await jetstreamManager(nats)).streams.info(stream);
  await nats.close();
  return state.messages;
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

  it('streams what was recorded token by token, and gives exactly the rest after any event', async () => {
    await registerStreamed(suite.url);
    // Each program and each format once; `npm run verify:streams` has all of both.
    const some = readRecordedStreams().filter(({ program, format }, index, all) => {
      const place = PROGRAMS.findIndex(({ name }) => name === program);
      const formats = all.filter((one) => one.program === program).map((one) => one.format);
      return format === formats[place % formats.length];
    });
    expect(new Set(some.map(({ format }) => format)).size).toBe(4);
    const report = await runStreams(suite.url, model, some);
    expect(report).toMatchObject({ streams: PROGRAMS.length, faults: [] });
    expect(report.resumed).toBe(report.events + report.streams);
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

  it('mends what a caller and a model nearly said right, and tells each change', async () => {
    const signature =
      'wine: string, year: int -> score: probability, tags: list[string], verdict: enum["buy", "leave"], day: date';
    const config = { validation: { inputs: 'coerce' } };
    await post(suite, '/v1/programs', { name: 'rate-wine', signature, config });
    model.reply(dspyAnswer({ score: '90 %', tags: '- dry\n- white', verdict: '**Buy!**', day: '2024/5/2' }));
    const path = '/v1/programs/rate-wine/executions';
    const { body } = await post(suite, path, { inputs: { wine: 'Riesling', year: '2,019' } });
    expect(body).toMatchObject({
      status: 'succeeded',
      inputs: { wine: 'Riesling', year: 2019 },
      outputs: { score: 0.9, tags: ['dry', 'white'], verdict: 'buy', day: '2024-05-02' },
      recovery: { repairs: 1 },
      coercions: [
        { pointer: '/inputs/year', from: '2,019', to: 2019, rule: 'number_from_text' },
        { pointer: '/outputs/score', from: '90 %', to: 0.9, rule: 'probability_from_percent' },
        { pointer: '/outputs/tags', from: '- dry\n- white', to: ['dry', 'white'], rule: 'list_from_lines' },
        { pointer: '/outputs/verdict', from: '**Buy!**', to: 'buy', rule: 'enum_member' },
        { pointer: '/outputs/day', from: '2024/5/2', to: '2024-05-02', rule: 'date_form' },
      ],
    });
    expect(await get(suite, `/v1/executions/${String(body['id'])}`)).toMatchObject({ coercions: body['coercions'] });
    expect(await post(suite, path, { inputs: { wine: 'Riesling', year: 'old' } })).toMatchObject({
      status: 422,
      body: { code: 'invalid_inputs', errors: [{ pointer: '/inputs/year', code: 'wrong_type' }] },
    });
  });

  it('says the same of a definition by REST and by GraphQL, field by field', async () => {
    const query = `query ($definition: String!) { validateSignature(definition: $definition) {
      valid signature errors { code message hint offset line column length } } }`;
    const verdicts: boolean[] = [];
    for (const definition of DEFINITIONS) {
      const rest = await post(suite, '/v1/signatures/validate', { definition });
      const graphql = await post(suite, '/graphql', { query, variables: { definition } });
      const { errors, signature = null, valid } = rest.body as unknown as Validation;
      // GraphQL has null for what REST leaves out.
      const expected = { valid, signature, errors: errors.map((error) => ({ hint: null, ...error })) };
      expect(graphql.body).toEqual({ data: { validateSignature: expected } });
      expect(errors.length === 0).toBe(valid);
      verdicts.push(valid);
    }
    expect(verdicts).toEqual([true, false, false, false, false, false, false]);
  });

  it('keeps a program on its version of the signature until it is told otherwise', async () => {
    const patch = (path: string, body: object): Promise<Response> =>
      fetch(`${suite.url}${path}`, { ...CREATE, method: 'PATCH', body: JSON.stringify(body) });
    const definition = 'question: string, customer: string -> answer: string';
    expect(await (await patch('/v1/signatures/Qa', { definition })).json()).toMatchObject({ version: 2 });
    const diff = await get<{ verdict: string; changes: { code: string }[] }>(suite, '/v1/signatures/Qa/diff?from=1');
    expect([diff.verdict, ...diff.changes.map(({ code }) => code)]).toEqual([
      'breaking',
      'required_field_added',
      'field_removed',
    ]);
    expect(await execute(suite, 'Capital?')).toMatchObject({ status: 200, body: { outputs: { confidence: 0.9 } } });
    expect((await fetch(`${suite.url}/v1/signatures/Qa`, { method: 'DELETE' })).status).toBe(409);

    await patch('/v1/programs/qa', { signature: 'Qa' });
    await eventually(async () => expect(await execute(suite, 'Capital?')).toMatchObject({ status: 422 }));
    const moved = await post(suite, '/v1/programs/qa/executions', { inputs: { question: 'Capital?', customer: 'me' } });
    expect(moved).toMatchObject({ status: 200, body: { outputs: { answer: 'Paris' } } });
    const before = await execute(suite, 'Capital?', { version: 1 });
    expect(before).toMatchObject({ status: 200, body: { version: 1, outputs: { confidence: 0.9 } } });

    await patch('/v1/programs/qa', { signatureVersion: 1 });
    await eventually(async () => expect(await execute(suite, 'Capital?')).toMatchObject({ status: 200 }));
  });

  it('tells a model that answers garbage from one that is dead', async () => {
    model.reply('utter garbage');
    expect(await execute(suite, 'Why?')).toMatchObject({ status: 502, body: { code: 'output_invalid' } });
    await post(suite, '/v1/models', { name: 'dead', model: 'm', baseUrl: 'http://127.0.0.1:9/v1' });
    const dead = await execute(suite, 'Why?', { model: 'dead' });
    expect(dead).toMatchObject({ status: 502, body: { code: 'model_unavailable', execution: { status: 'failed' } } });
    expect(dead.headers.get('location')).toMatch(/^\/v1\/executions\//);
  });

  it('runs no signature that was changed on its way, and says so', async () => {
    const outputs = [{ name: 'number', type: 'int', optional: false }] satisfies Field[];
    // As it is stored, and of a content that no other program has: workers keep signatures by their hash.
    await runInDatabase(
      suite,
      `CREATE FUNCTION registry.other_outputs() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN NEW.outputs = '${JSON.stringify(outputs)}'; RETURN NEW; END $$;
       CREATE TRIGGER other_outputs BEFORE INSERT ON registry.signature_versions
         FOR EACH ROW WHEN (NEW.name = 'Changed') EXECUTE FUNCTION registry.other_outputs()`,
    );
    await post(suite, '/v1/programs', { name: 'changed', signature: 'question -> number' });
    const asked = model.requests.length;
    const { status, body } = await post(suite, '/v1/programs/changed/executions', {
      inputs: { question: 'How many?' },
    });
    expect([status, body]).toMatchObject([500, { code: 'signature_mismatch', execution: { status: 'failed' } }]);
    const spec = parseSignature('question -> number');
    const found = hashSpec({ ...spec, outputs });
    expect(body.detail).toContain(`Signature "Changed" version 1 has the hash ${found}, but came with ${spec.hash}`);
    expect(model.requests.length).toBe(asked);
  });

  it('survives kill -9 of the worker in mid-execution: attempt 2, one row', async () => {
    const asked = model.requests.length;
    model.reply((request) => ({ ...dspyReply(request), delayMs: request.index === asked ? 60_000 : 0 }));
    const call = execute(suite, 'Slow?');
    await eventually(() => expect(model.requests.length).toBeGreaterThan(asked));
    await killWorker();
    const { body } = await call;
    expect(body).toMatchObject({ status: 'succeeded', attempt: 2, outputs: { answer: 'Paris' } });
    const rows = await get<{ items: { id: string }[] }>(suite, `/v1/executions?filter[id][eq]=${String(body.id)}`);
    expect(rows.items).toHaveLength(1);
  });

  it('brings an image of 3 MiB to the model, also past kill -9 of the worker, and leaves nothing of it in NATS', async () => {
    const photo = `data:image/png;base64,${randomBytes(3 * 1_048_576).toString('base64')}`;
    await post(suite, '/v1/programs', { name: 'look', signature: 'photo: image -> answer: string' });
    const asked = model.requests.length;
    model.reply((request) => ({ ...dspyReply(request), delayMs: request.index === asked ? 60_000 : 0 }));
    const call = post(suite, '/v1/programs/look/executions', { inputs: { photo } });
    await eventually(() => expect(model.requests.length).toBeGreaterThan(asked), { timeoutMs: 30_000 });
    await killWorker();
    const { status, body } = await call;
    expect([status, body.status, body.attempt, body.outputs]).toEqual([200, 'succeeded', 2, { answer: 'Paris' }]);
    const seen = model.requests.slice(asked).map((request) => imagesOf(request.body?.messages));
    expect(seen.map((urls) => urls.map((url) => url === photo))).toEqual([[true], [true]]);
    const { items } = await get<{ items: object[] }>(suite, `/v1/executions?filter[id][eq]=${String(body.id)}`);
    expect(items).toMatchObject([{ inputs: {}, omitted: ['inputs'], outputs: { answer: 'Paris' } }]);
    const { inputs } = await get<{ inputs: { photo: string } }>(suite, `/v1/executions/${String(body.id)}`);
    expect(inputs.photo === photo).toBe(true);
    await eventually(async () => expect(await messagesIn(suite, STREAMS.payloads)).toBe(0));
  });

  it('refuses what is no image where one belongs, and megabytes that are none', async () => {
    const look = (photo: string): Promise<Answer> => post(suite, '/v1/programs/look/executions', { inputs: { photo } });
    const wrong = await look('data:image/png;base64,@@@@');
    const errors = [{ pointer: '/inputs/photo', code: 'image_invalid' }];
    expect(wrong).toMatchObject({ status: 422, body: { code: 'invalid_inputs', errors } });
    const large = await execute(suite, 'x'.repeat(1_100_000));
    expect(large).toMatchObject({ status: 413, body: { code: 'payload_too_large' } });
  });

  async function killWorker(): Promise<void> {
    const { items } = await get<{ items: { pid: number }[] }>(suite, '/v1/workers');
    process.kill(items[0]?.pid ?? 0, 'SIGKILL');
  }

  function dspyReply(request: Parameters<ReturnType<typeof dspyAnswer>>[0]): { text: string } {
    return { text: dspyAnswer({ answer: 'Paris', confidence: 0.9 })(request) };
  }
});

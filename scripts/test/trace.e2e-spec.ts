import { dspyAnswer, eventually, ScriptedModelServer } from '@dspy-nest/testing';
import { exitOf, isUp, killSuites, startSuite, type Suite } from './running-suite';
import { removeTemporaryFolders } from './temporary-folder';
import { type CollectedSpan, TraceCollector } from './trace-collector';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const UNSAMPLED = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
const CALLER = '00f067aa0ba902b7';
const QUESTION = 'What is kept out of every span?';
const PATIENCE = { timeoutMs: 20_000 };

const GATEWAY = 'dspy-nest-gateway';
const ROUTE = 'POST /v1/programs/:name/executions';
const CREATE = 'execution/execution.create';
const MODEL_CALL = 'dspy-nest-worker chat scripted-1';

/** Every span and the one it stands below; the first stands below the caller's. */
const PARENTS: Readonly<Record<string, string>> = {
  [`${GATEWAY} ${ROUTE}`]: '',
  [`${GATEWAY} ${CREATE}`]: `${GATEWAY} ${ROUTE}`,
  [`dspy-nest-execution ${CREATE}`]: `${GATEWAY} ${CREATE}`,
  'dspy-nest-execution publish DSPY_JOBS': `dspy-nest-execution ${CREATE}`,
  'dspy-nest-worker execute qa': 'dspy-nest-execution publish DSPY_JOBS',
  [MODEL_CALL]: 'dspy-nest-worker execute qa',
  'dspy-nest-execution execution/execution.complete': 'dspy-nest-worker execute qa',
  'dspy-nest-execution commit outcome': `dspy-nest-execution ${CREATE}`,
};

jest.setTimeout(120_000);

describe('an execution that is traced', () => {
  let model: ScriptedModelServer;
  let collector: TraceCollector;
  let suite: Suite;

  beforeAll(async () => {
    [model, collector] = [await ScriptedModelServer.start(), await TraceCollector.start()];
    model.reply(dspyAnswer({ answer: 'The answer.' }));
    suite = await startSuite(['--empty'], {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_BSP_SCHEDULE_DELAY: '200',
      DSPY_NEST_LM_BASE_URL: model.url,
      DSPY_NEST_LM_MODEL: 'scripted-1',
    });
    expect(await isUp(suite)).toBe(true);
    await post('/v1/programs', { name: 'qa', signature: 'question -> answer' });
  });
  afterAll(async () => {
    suite.process.kill('SIGTERM');
    expect(await exitOf(suite)).toBe(0);
    await model.stop();
    await collector.stop();
    killSuites();
    removeTemporaryFolders();
  });

  async function post(path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
    const json = { 'content-type': 'application/json', ...headers };
    const response = await fetch(`${suite.url}${path}`, { method: 'POST', headers: json, body: JSON.stringify(body) });
    expect(response.ok).toBe(true);
    return response;
  }
  const execute = (traceId: string, flags: string): Promise<Response> => {
    const traceparent = `00-${traceId}-${CALLER}-${flags}`;
    return post('/v1/programs/qa/executions', { inputs: { question: QUESTION } }, { traceparent });
  };

  it('is one trace from the door to the model, each span below the one that caused it', async () => {
    await execute(UNSAMPLED, '00');
    const answer = await execute(TRACE, '01');
    expect(await answer.clone().json()).toMatchObject({ status: 'succeeded', traceId: TRACE });
    const spans = await eventually(() => {
      const ofTrace = collector.spans().filter(({ traceId }) => traceId === TRACE);
      const found = new Map(ofTrace.map((span) => [`${span.service} ${span.name}`, span]));
      expect([...found.keys()]).toEqual(expect.arrayContaining(Object.keys(PARENTS)));
      return found;
    }, PATIENCE);
    const idOf = (name: string): string | undefined => spans.get(name)?.spanId;
    const parents = Object.keys(PARENTS).map((name) => [name, spans.get(name)?.parentSpanId]);
    const expected = Object.entries(PARENTS).map(([name, parent]) => [name, parent === '' ? CALLER : idOf(parent)]);
    expect(parents).toEqual(expected);
    expect(answer.headers.get('traceparent')).toBe(`00-${TRACE}-${idOf(`${GATEWAY} ${ROUTE}`)}-01`);
    expect(model.requests.at(-1)?.headers['traceparent']).toBe(`00-${TRACE}-${idOf(MODEL_CALL)}-01`);
  });

  it('leaves no content in its spans, and no trace that its caller does not record', () => {
    const sent = Buffer.concat(collector.bodies).toString();
    for (const content of [QUESTION, 'The answer.', UNSAMPLED]) expect(sent).not.toContain(content);
    const spans: CollectedSpan[] = collector.spans();
    expect(spans.filter(({ traceId }) => traceId === UNSAMPLED)).toEqual([]);
    expect(spans.filter(({ name }) => /livez|readyz|health|subgraph/.test(name))).toEqual([]);
  });
});

import { randomUUID } from 'node:crypto';
import { type Coercion, type ExecutionV1, REQUESTS } from '@dspy-nest/contracts';
import { ScriptedWorker, eventually } from '@dspy-nest/testing';
import { RetentionService } from '../src/retention/retention.service';
import { type RunningExecution, errorOf, startExecution } from './running-execution';

const DAY_MS = 86_400_000;

const ofOutputs: Coercion = { pointer: '/outputs/answer', from: 42, to: '42', rule: 'text_from_scalar' };
const ofInputs: Coercion[] = [
  { pointer: '/inputs/sure', from: '90 %', to: 0.9, rule: 'probability_from_percent' },
  { pointer: '/inputs/tags', from: '- a\n- b', to: ['a', 'b'], rule: 'list_from_lines' },
];
const inputs = { question: 'Why?', sure: '90 %', tags: '- a\n- b' };
const mended = { question: 'Why?', sure: 0.9, tags: ['a', 'b'] };

jest.setTimeout(30_000);

describe('coercions', () => {
  let service: RunningExecution;
  let worker: ScriptedWorker;

  beforeAll(async () => {
    service = await startExecution();
    const definition = 'question, sure: probability?, tags: list[string]? -> answer';
    const validation = { inputs: 'coerce' } as const;
    service.publish('lenient', definition, 1, { validation });
    service.publish('discreet', definition, 1, { validation, record: 'none' });
    worker = await ScriptedWorker.start(service.servers.natsUrl);
    worker.onJob(() => ({ outputs: { answer: '42' }, coercions: [ofOutputs] }));
    await eventually(async () =>
      expect(await ask(REQUESTS.workerList, {})).toMatchObject({ items: [expect.anything()] }),
    );
  });
  afterAll(async () => {
    await worker.stop();
    await service.stop();
  });

  const ask = <T>(subject: string, message: object): Promise<T> =>
    service.client.request<T>(service.ctx, subject, message);
  const create = (change: object): Promise<ExecutionV1> =>
    ask(REQUESTS.executionCreate, { id: randomUUID(), program: 'lenient', inputs, wait: true, ...change });
  const get = (id: string): Promise<ExecutionV1> => ask(REQUESTS.executionGet, { id });

  it('of inputs and of outputs are told together, and the worker gets the mended inputs', async () => {
    const execution = await create({});
    expect(execution).toMatchObject({ inputs: mended, coercions: [...ofInputs, ofOutputs] });
    expect(await get(execution.id)).toEqual(execution);
    expect(worker.jobs.at(-1)?.inputs).toEqual(mended);
  });

  it('of inputs are told before there is an outcome', async () => {
    const accepted = await create({ wait: false });
    expect(accepted.coercions).toEqual(ofInputs);
    await eventually(async () => expect((await get(accepted.id)).coercions).toEqual([...ofInputs, ofOutputs]));
  });

  it('are told in GraphQL', async () => {
    const { id } = await create({});
    const response = await fetch(`${await service.app.getUrl()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: 'query ($id: ID!) { execution(id: $id) { coercions } }', variables: { id } }),
    });
    expect(await response.json()).toEqual({ data: { execution: { coercions: [...ofInputs, ofOutputs] } } });
  });

  it('of inputs are not made unless the program says so', async () => {
    const error = await errorOf(create({ program: 'qa', inputs: { question: 42 } }));
    expect(error).toMatchObject({ code: 'invalid_inputs', details: { errors: [{ pointer: '/inputs/question' }] } });
  });

  it('are told without contents where nothing is recorded', async () => {
    const { coercions } = await create({ program: 'discreet' });
    const withoutContents = ofInputs.map(({ pointer, rule }) => ({ pointer, rule, from: null, to: null }));
    expect(coercions.filter(({ pointer }) => pointer.startsWith('/inputs'))).toEqual(withoutContents);
  });

  it('are kept as long as model calls', async () => {
    const { id } = await create({});
    const retention = service.app.get(RetentionService);
    await retention.purge(new Date(Date.now() + 29 * DAY_MS));
    expect((await get(id)).coercions).toHaveLength(3);
    const { coercions } = await retention.purge(new Date(Date.now() + 31 * DAY_MS));
    expect(coercions).toBeGreaterThanOrEqual(1);
    expect(await get(id)).toMatchObject({ coercions: [], inputs: mended, outputs: { answer: '42' } });
    expect(await retention.purge(new Date(Date.now() + 31 * DAY_MS))).toMatchObject({ coercions: 0 });
  });
});

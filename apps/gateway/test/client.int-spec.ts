import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  ConflictError,
  ConnectionError,
  DspyNest,
  ExecutionFailedError,
  InvalidRequestError,
  NotFoundError,
  OverloadedError,
  RequestTimeoutError,
  UnexpectedAnswerError,
  type ClientOptions,
} from '@dspy-nest/client';
import { REQUESTS, SIGNALS } from '@dspy-nest/contracts';
import { signature } from '@dspy-nest/signature';
import { eventually } from '@dspy-nest/testing';
import { EXECUTION_EXAMPLE } from '../src/docs/examples';
import { GatewayUnderTest } from './gateway-under-test';
import { MovingExecutions } from './moving-execution';
import { ScriptedError, type Asked } from './scripted-services';
import { Wire } from './wire';

const SOON = { maxAttempts: 4, baseDelayMs: 1, maxDelayMs: 60_000 };
const ROUTE = signature('ticket: string -> team: enum["billing", "shipping"]');
const QA = signature('question -> answer: string');
const { id } = EXECUTION_EXAMPLE;

let gateway: GatewayUnderTest;
let nest: DspyNest;
beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
  nest = client();
}, 60_000);
beforeEach(() => {
  gateway.services.asked.length = 0;
});
afterAll(() => gateway.stop());

const client = (more: Partial<ClientOptions> = {}): DspyNest =>
  new DspyNest({ url: `${gateway.url}/`, retry: SOON, ...more });
const route = (through = nest) => through.program('route-ticket', ROUTE);
const answering = (...answers: (() => unknown)[]): Promise<void> => {
  let count = 0;
  return gateway.services.on(REQUESTS.executionCreate, () => answers[Math.min(count++, answers.length - 1)]?.());
};
const refusing =
  (code: string, details = {}) =>
  (): never => {
    throw new ScriptedError(code, details);
  };
const creations = (): Asked[] => gateway.services.asked.filter(({ subject }) => subject === REQUESTS.executionCreate);
const keysSent = (): unknown[] => creations().map(({ headers }) => headers['dspy-idempotency-key']);

describe('executing', () => {
  it('sends inputs and settings, and gives typed outputs', async () => {
    await answering(() => EXECUTION_EXAMPLE);
    const { outputs, status } = await route().execute({ ticket: 'Twice!' }, { timeoutMs: 5_000, maxRetries: 0 });
    const team: 'billing' | 'shipping' = outputs.team;
    expect([team, status]).toEqual(['billing', 'succeeded']);
    const sent = { program: 'route-ticket', inputs: { ticket: 'Twice!' }, timeoutMs: 5_000, maxRetries: 0, wait: true };
    expect(creations()[0]?.message).toMatchObject(sent);
  });

  it('tries again what was turned away, under one key, and makes another for the next call', async () => {
    await answering(
      refusing('overloaded', { retryAfterS: 0 }),
      refusing('idempotency_key_in_flight'),
      () => EXECUTION_EXAMPLE,
    );
    await route().execute({ ticket: 'a' });
    await route().execute({ ticket: 'a' });
    const [first, second, third, next] = keysSent();
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect([second, third]).toEqual([first, first]);
    expect(next).not.toBe(first);
  });

  it('waits as long as it is told, and no longer than it may', async () => {
    await answering(refusing('too_many_requests', { retryAfterS: 0.2 }), () => EXECUTION_EXAMPLE);
    const startMs = performance.now();
    await route().execute({ ticket: 'a' });
    expect(performance.now() - startMs).toBeGreaterThan(190);
    await answering(refusing('too_many_requests', { retryAfterS: 3_600 }));
    const refused = route().execute({ ticket: 'a' });
    await expect(refused).rejects.toMatchObject({ name: 'OverloadedError', retryAfterMs: 3_600_000 });
  });

  it('gives up after all attempts, with the last error', async () => {
    await answering(refusing('overloaded'));
    await expect(route().execute({ ticket: 'a' }, { idempotencyKey: 'mine' })).rejects.toThrow(OverloadedError);
    expect(keysSent()).toEqual(['mine', 'mine', 'mine', 'mine']);
  });

  it('tells of an execution that did not succeed, and does not repeat it', async () => {
    const error = { code: 'model_unavailable', message: 'Away.', retryable: true, details: {} };
    const failed = { ...EXECUTION_EXAMPLE, status: 'failed', outputs: null, error };
    await answering(() => failed);
    const thrown = await route()
      .execute({ ticket: 'a' })
      .catch((caught: unknown) => caught);
    expect(thrown).toBeInstanceOf(ExecutionFailedError);
    expect(thrown).toMatchObject({ code: 'model_unavailable', retryable: true, status: 502, execution: failed });
    expect(creations()).toHaveLength(1);
  });

  it('ends the execution at the platform when its signal is aborted', async () => {
    const abandoned: unknown[] = [];
    await gateway.services.on(SIGNALS.executionAbandoned, ({ message }) => abandoned.push(message['executionId']));
    await answering(() => new Promise(() => {}));
    const giveUp = new AbortController();
    const executing = route().execute({ ticket: 'a' }, { signal: giveUp.signal });
    await eventually(() => expect(creations()).toHaveLength(1));
    giveUp.abort(new Error('changed my mind'));
    await expect(executing).rejects.toThrow('changed my mind');
    await eventually(() => expect(abandoned).toEqual([creations()[0]?.message['id']]));
    expect(keysSent()).toEqual([undefined]);
  });
});

describe('executions', () => {
  const statuses = (...given: string[]): Promise<void> =>
    gateway.services.on(REQUESTS.executionGet, () => ({
      ...EXECUTION_EXAMPLE,
      status: given.length > 1 ? given.shift() : given[0],
    }));

  it('are submitted and waited for', async () => {
    await answering(() => ({ ...EXECUTION_EXAMPLE, status: 'queued', outputs: null }));
    await statuses('queued', 'running', 'succeeded');
    const submitted = await route().submit({ ticket: 'a' });
    expect(creations()[0]?.message).toMatchObject({ wait: false });
    expect((await route().wait(submitted.id)).outputs.team).toBe('billing');
    await statuses('timed_out');
    await expect(route().wait(id)).rejects.toMatchObject({ code: 'timed_out', execution: { id } });
  });

  it('stop being waited for when the signal says so', async () => {
    await statuses('running');
    await expect(route().wait(id, { signal: AbortSignal.timeout(150) })).rejects.toThrow('timeout');
  });

  it('are cancelled', async () => {
    await gateway.services.on(REQUESTS.executionCancel, () => ({ ...EXECUTION_EXAMPLE, status: 'cancelled' }));
    expect(await nest.executions.cancel(id)).toMatchObject({ status: 'cancelled' });
    await gateway.services.on(REQUESTS.executionCancel, refusing('execution_finished'));
    await expect(nest.executions.cancel(id)).rejects.toThrow(ConflictError);
  });

  it.each(['rerun', 'replay'] as const)('are run again by %s, once, however often it is asked for', async (verb) => {
    const subject = verb === 'rerun' ? REQUESTS.executionRerun : REQUESTS.executionReplay;
    const answers = [refusing('no_worker', { retryAfterS: 0 }), () => ({ ...EXECUTION_EXAMPLE, [`${verb}Of`]: id })];
    await gateway.services.on(subject, () => answers.shift()!());
    const again = await route()[verb](id);
    const team: 'billing' | 'shipping' = again.outputs.team;
    expect([team, again.rerunOf ?? again.replayOf]).toEqual(['billing', id]);
    const asked = gateway.services.asked.filter((one) => one.subject === subject);
    expect(asked).toMatchObject([{ message: { of: id, wait: true } }, { message: { of: id, wait: true } }]);
    expect(new Set(asked.map(({ headers }) => headers['dspy-idempotency-key'])).size).toBe(1);
    await gateway.services.on(subject, refusing('not_replayable'));
    await expect(route()[verb](id, { idempotencyKey: 'mine' })).rejects.toThrow(ConflictError);
    const error = { code: 'replay_diverged', message: 'Other outputs.', retryable: false, details: {} };
    await gateway.services.on(subject, () => ({ ...EXECUTION_EXAMPLE, status: 'failed', outputs: null, error }));
    const diverged = nest.executions[verb](id);
    await expect(diverged).rejects.toMatchObject({ name: 'ExecutionFailedError', code: 'replay_diverged' });
  });

  it('are judged once, however often it is asked for', async () => {
    const answers = [refusing('no_worker', { retryAfterS: 0 }), () => ({ id: '1', score: 0 })];
    await gateway.services.on(REQUESTS.feedbackCreate, () => answers.shift()!());
    const said = { score: false, correction: { team: 'billing' } };
    expect(await nest.feedback.create(id, said)).toMatchObject({ score: 0 });
    const asked = gateway.services.asked.filter(({ subject }) => subject === REQUESTS.feedbackCreate);
    expect(asked.map(({ message }) => message)).toEqual([1, 2].map(() => ({ executionId: id, ...said })));
    expect(new Set(asked.map(({ headers }) => headers['dspy-idempotency-key'])).size).toBe(1);
    await gateway.services.on(REQUESTS.feedbackList, () => ({ items: [{ id: '1' }], nextCursor: null }));
    expect((await nest.feedback.list(id, { filter: { corrected: { eq: true } } })).items).toEqual([{ id: '1' }]);
    const { message } = gateway.services.last(REQUESTS.feedbackList);
    expect(message).toEqual({ executionId: id, filter: { corrected: { eq: 'true' } } });
  });

  it('are listed to the end, with filters', async () => {
    await gateway.services.on(REQUESTS.executionList, ({ message }) => ({
      items: [EXECUTION_EXAMPLE],
      nextCursor: message['cursor'] === undefined ? 'a+b/=' : null,
    }));
    const listed: unknown[] = [];
    const query = { filter: { program: { eq: 'a&b' } }, sort: '-createdAt', limit: 1 };
    for await (const execution of nest.executions.all(query)) listed.push(execution.id);
    expect(listed).toEqual([id, id]);
    expect(gateway.services.last(REQUESTS.executionList).message).toMatchObject({ ...query, cursor: 'a+b/=' });
  });
});

describe('streams', () => {
  const cancelled: unknown[] = [];
  let executions: MovingExecutions;
  let wire: Wire;
  beforeAll(async () => {
    executions = await MovingExecutions.start(gateway.servers.natsUrl, gateway.services);
    wire = await Wire.to(gateway.url);
    await gateway.services.on(REQUESTS.executionCancel, ({ message }) => {
      cancelled.push(message['id']);
      return { ...EXECUTION_EXAMPLE, status: 'cancelled' };
    });
  });
  afterAll(async () => {
    wire.stop();
    await executions.stop();
  });

  const qa = () => client({ url: wire.url }).program('qa', QA);
  /** The execution that the next request makes. */
  const accepting = async (): Promise<string> => {
    const accepted = executions.accept('qa');
    await answering(() => ({ ...EXECUTION_EXAMPLE, id: accepted, status: 'queued', outputs: null }));
    return accepted;
  };

  it('tell of an execution to its end, whatever breaks on the way', async () => {
    const accepted = await accepting();
    const told: string[] = [];
    let answer = '';
    for await (const event of qa().stream({ question: 'a' })) {
      told.push(`${event.sequence} ${event.type}`);
      wire.cut();
      if (event.type === 'queued') executions.begin(accepted);
      if (event.type === 'started') await executions.end(accepted);
      if (event.type === 'outputs') answer = event.outputs.answer;
    }
    expect(told).toEqual(['1 queued', '2 started', '3 outputs', '4 succeeded']);
    expect([answer, cancelled]).toEqual(['yes', []]);
    expect(creations()).toHaveLength(1);
    expect(wire.connections).toBeGreaterThan(2);
  });

  it('tell also of what does not succeed, and to who comes later', async () => {
    const accepted = executions.accept('qa');
    await executions.end(accepted, 'failed');
    const told: unknown[] = [];
    for await (const { type } of qa().follow(accepted, { after: 1 })) told.push(type);
    expect(told).toEqual(['started', 'failed']);
    for await (const { type } of qa().follow(accepted, { after: 3 })) told.push(type);
    expect(told).toHaveLength(2);
  });

  it('end the execution that nobody waits for any more, unless it has a key', async () => {
    await accepting();
    for await (const _ of qa().stream({ question: 'a' }, { idempotencyKey: 'mine' })) break;
    const left = await accepting();
    for await (const _ of qa().stream({ question: 'a' })) break;
    await eventually(() => expect(cancelled).toEqual([left]));
    const given = await accepting();
    const giveUp = new AbortController();
    const stream = qa().stream({ question: 'a' }, { signal: giveUp.signal });
    expect(await stream.next()).toMatchObject({ value: { type: 'queued' } });
    const next = stream.next();
    giveUp.abort(new Error('changed my mind'));
    await expect(next).rejects.toThrow('changed my mind');
    await eventually(() => expect(cancelled).toEqual([left, given]));
  });

  it('tell of the whole platform, what is wanted, and none twice', async () => {
    const ids = Array.from({ length: 5 }, () => executions.accept('told'));
    await executions.end(ids[0]!);
    const told: unknown[] = [];
    const filter = { program: { eq: 'told' }, status: { in: ['failed', 'succeeded'] } };
    for await (const { event } of client({ url: wire.url }).events({ after: 0, filter })) {
      if (told.push(event?.subject) === ids.length) break;
      wire.cut();
      await executions.end(ids[told.length]!, 'failed');
    }
    expect(told).toEqual(ids);
    for await (const { reset } of nest.events({ after: 999_999_999 })) {
      expect(reset?.code).toBe('events_expired');
      break;
    }
  });
});

describe('what goes wrong', () => {
  let other: Server;
  let otherUrl: string;
  beforeAll(async () => {
    other = createServer((request, response) => {
      if (request.url?.includes('silent') === false) response.end('<html>Welcome</html>');
    });
    await once(other.listen(0, '127.0.0.1'), 'listening');
    otherUrl = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    other.closeAllConnections();
    other.close();
  });

  it('is told with the places that are wrong', async () => {
    const errors = [{ pointer: '/inputs/ticket', code: 'required', message: 'It is missing.' }];
    await answering(refusing('invalid_inputs', { errors }));
    const loose = nest.program('route-ticket').execute({});
    await expect(loose).rejects.toMatchObject({ name: 'InvalidRequestError', code: 'invalid_inputs', errors });
    await expect(nest.program('Not a name').submit({})).rejects.toThrow(NotFoundError);
    await expect(nest.executions.list({ limit: 0 })).rejects.toThrow(InvalidRequestError);
    await gateway.services.on(REQUESTS.executionGet, refusing('execution_not_found'));
    await expect(nest.executions.get(id)).rejects.toThrow(NotFoundError);
  });

  it('is told of what does not answer, answers late, or is something else', async () => {
    const free = createServer();
    await once(free.listen(0, '127.0.0.1'), 'listening');
    const nowhere = `http://127.0.0.1:${(free.address() as AddressInfo).port}`;
    free.close();
    await expect(client({ url: nowhere }).executions.get(id)).rejects.toThrow(ConnectionError);
    await expect(client({ url: otherUrl }).executions.get(id)).rejects.toThrow(UnexpectedAnswerError);
    const impatient = client({ url: otherUrl, requestTimeoutMs: 20, retry: { maxAttempts: 1 } });
    await expect(impatient.executions.get('silent')).rejects.toThrow(RequestTimeoutError);
    expect(() => client({ url: 'localhost:4000' })).toThrow('Write one such as http://127.0.0.1:4000.');
  });
});

describe('the state of a program', () => {
  const STATE = { predict: { demos: [{ ticket: 'Twice!', team: 'billing' }], lm: null } };
  const IMPORTED = { id: '1', name: 'route-ticket', version: 3, notes: [] };
  const asked = (subject: string): Asked[] => gateway.services.asked.filter((one) => one.subject === subject);

  it('is imported once, as it is, though the platform turns the first request away', async () => {
    let count = 0;
    await gateway.services.on(REQUESTS.programStateImport, () =>
      count++ === 0 ? refusing('overloaded', { retryAfterS: 0 })() : IMPORTED,
    );
    expect(await route().importState(STATE)).toEqual(IMPORTED);
    const [first, second, ...more] = asked(REQUESTS.programStateImport);
    expect(second?.message).toEqual({ name: 'route-ticket', state: STATE });
    expect(first?.headers['dspy-idempotency-key']).toMatch(/^[0-9a-f]{32}$/);
    expect(second?.headers['dspy-idempotency-key']).toBe(first?.headers['dspy-idempotency-key']);
    expect(more).toEqual([]);
  });

  it('is imported under the key of the caller', async () => {
    await gateway.services.on(REQUESTS.programStateImport, () => IMPORTED);
    await route().importState(STATE, { idempotencyKey: 'mine' });
    expect(asked(REQUESTS.programStateImport)[0]?.headers['dspy-idempotency-key']).toBe('mine');
  });

  it('is imported only if the program is what was read', async () => {
    await gateway.services.on(REQUESTS.programStateImport, refusing('version_conflict'));
    const refused = route().importState(STATE, { ifMatch: '"1.2"' });
    await expect(refused).rejects.toMatchObject({ name: 'ConflictError', code: 'version_conflict', status: 412 });
    expect(asked(REQUESTS.programStateImport)[0]?.message).toMatchObject({ ifMatch: ['1.2'] });
  });

  it('that does not fit is told place by place, and not sent again', async () => {
    const errors = [{ pointer: '/state/predict/demos/0', code: 'unknown_field', message: 'There is no "x".' }];
    await gateway.services.on(REQUESTS.programStateImport, refusing('validation_failed', { errors }));
    const refused = route().importState(STATE);
    await expect(refused).rejects.toBeInstanceOf(InvalidRequestError);
    await expect(refused).rejects.toMatchObject({ code: 'validation_failed', errors: [{ code: 'unknown_field' }] });
    expect(asked(REQUESTS.programStateImport)).toHaveLength(1);
  });

  it('is exported, of the published version or of the one that is named', async () => {
    await gateway.services.on(REQUESTS.programStateGet, () => ({ id: '1', version: 3, state: STATE }));
    expect(await route().exportState()).toEqual(STATE);
    expect(await route().exportState({ version: 2 })).toEqual(STATE);
    expect(asked(REQUESTS.programStateGet).map(({ message }) => message)).toEqual([
      { name: 'route-ticket' },
      { name: 'route-ticket', version: 2 },
    ]);
  });

  it('of a program that has learned nothing is not found', async () => {
    await gateway.services.on(REQUESTS.programStateGet, refusing('program_state_not_found'));
    const missing = route().exportState();
    await expect(missing).rejects.toBeInstanceOf(NotFoundError);
    await expect(missing).rejects.toMatchObject({ code: 'program_state_not_found', status: 404 });
  });
});

describe('a program', () => {
  const PROGRAM = { id: '1', name: 'route-ticket', version: 2, model: null };

  it('is changed if it is what was read, and not tried again once that may be done', async () => {
    await gateway.services.on(REQUESTS.programGet, () => PROGRAM);
    await gateway.services.on(REQUESTS.programUpdate, () => ({ ...PROGRAM, version: 3 }));
    const { etag, version } = await route().get();
    expect([etag, version]).toEqual(['"1.2"', 2]);
    const updated = await route().update({ model: 'small', config: { maxRetries: 0 } }, { ifMatch: etag });
    expect(updated).toEqual({ ...PROGRAM, version: 3, etag: '"1.3"' });
    const sent = { name: 'route-ticket', model: 'small', config: { maxRetries: 0 }, ifMatch: ['1.2'] };
    expect(gateway.services.last(REQUESTS.programUpdate).message).toEqual(sent);
    await gateway.services.on(REQUESTS.programUpdate, refusing('version_conflict'));
    const late = route().update({ model: null }, { ifMatch: etag });
    await expect(late).rejects.toMatchObject({ name: 'ConflictError', code: 'version_conflict', status: 412 });
  });
});

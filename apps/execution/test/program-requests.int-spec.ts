import { randomUUID } from 'node:crypto';
import type { ExecutionV1, WireError } from '@dspy-nest/contracts';
import { ScriptedWorker, eventually } from '@dspy-nest/testing';
import { headers } from '@nats-io/transport-node';
import { type RunningExecution, startExecution } from './running-execution';

type Reply = { ok: true; data: ExecutionV1 } | { ok: false; error: WireError };

const SUBJECT = 'dspy.req.default.execution.program.execute.v1';
const REQUEST = { program: 'qa', inputs: { question: 'Why?' } };

describe('a request of another team', () => {
  let service: RunningExecution;
  let worker: ScriptedWorker;
  beforeAll(async () => {
    service = await startExecution();
    worker = await ScriptedWorker.start(service.servers.natsUrl);
    worker.onJob(() => ({ outputs: { answer: 'Because.' } }));
    await eventually(async () => expect((await ask(REQUEST)).ok).toBe(true));
  });
  afterAll(async () => {
    await worker.stop();
    await service.stop();
  });

  const ask = async (message: object, sent: Record<string, string> = {}, subject = SUBJECT): Promise<Reply> => {
    const hdrs = headers();
    for (const [name, value] of Object.entries(sent)) hdrs.set(name, value);
    const options = { headers: hdrs, timeout: 20_000 };
    return (await service.nats.request(subject, JSON.stringify(message), options)).json<Reply>();
  };
  const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);

  it('executes a program and answers with the outcome, or once it is accepted', async () => {
    const outcome = { status: 'succeeded', outputs: { answer: 'Because.' }, inputs: REQUEST.inputs };
    expect(await ask(REQUEST)).toMatchObject({ ok: true, data: outcome });
    expect(await ask({ ...REQUEST, wait: false })).toMatchObject({ ok: true, data: { status: 'queued' } });
  });

  it('goes on with a trace, and is done once under a key', async () => {
    const traceId = randomUUID().replaceAll('-', '');
    const sent = { 'dspy-idempotency-key': randomUUID(), traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
    const first = await ask(REQUEST, sent);
    expect(first).toMatchObject({ ok: true, data: { traceId } });
    expect(await ask(REQUEST, sent)).toEqual(first);
    const id = (first as { data: { id: string } }).data.id;
    expect(worker.jobs.filter(({ executionId }) => executionId === id)).toHaveLength(1);
    const other = await ask({ ...REQUEST, inputs: { question: 'How?' } }, sent);
    expect(other).toMatchObject({ ok: false, error: { code: 'idempotency_key_reused' } });
  });

  it('is of the tenant of its subject, whatever it says', async () => {
    const subject = SUBJECT.replace('default', 'acme');
    await ask(REQUEST, { 'dspy-tenant': 'default' }, subject);
    const rows = await service.dataSource.query<{ tenant: string }[]>(
      "SELECT DISTINCT tenant FROM execution.executions WHERE tenant <> 'default'",
    );
    expect(rows).toEqual([{ tenant: 'acme' }]);
  });

  it.each([
    ['of an unknown program', { ...REQUEST, program: 'nothing' }, {}, 'program_not_found'],
    ['with inputs that do not fit', { ...REQUEST, inputs: { question: 1 } }, {}, 'invalid_inputs'],
    ['with inputs that nest too deep', { ...REQUEST, inputs: { question: nested(63) } }, {}, 'validation_failed'],
    ['with a member nobody knows', { ...REQUEST, id: randomUUID() }, {}, 'validation_failed'],
    ['with null for what is optional', { ...REQUEST, version: null }, {}, 'validation_failed'],
    ['under an impossible key', REQUEST, { 'dspy-idempotency-key': 'a b' }, 'validation_failed'],
  ])('%s is refused', async (_what, message, sent, code) => {
    expect(await ask(message, sent)).toMatchObject({ ok: false, error: { code, retryable: false } });
  });
});

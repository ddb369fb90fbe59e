import {
  jobFilter,
  jobSubject,
  REQUESTS,
  SIGNALS,
  STREAM_SUBJECTS,
  STREAMS,
  workerDurable,
  ExecutionOutcomeV1,
  ExecutionStartedV1,
  WorkerHeartbeatV1,
  type ExecutionRunV1,
} from '@dspy-nest/contracts';
import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, nanos, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { eventually, executionRun, jobEvent, ScriptedWorker, startServers, type TestServers } from '../src/index';
import { natsLogin } from '../src/scripted-worker/nats-login';

const REPLY_TO = 'test.replica';
const ACK_WAIT_MS = 1_500;

let servers: TestServers;
let connection: NatsConnection;
let manager: JetStreamManager;
let worker: ScriptedWorker;
let outcomes: ExecutionOutcomeV1[];
let heartbeats: WorkerHeartbeatV1[];
let started: ExecutionStartedV1[];

const answer = (message: Msg): void => {
  outcomes.push(ExecutionOutcomeV1.parse(message.json()));
  message.respond(JSON.stringify({ ok: true, data: { applied: true } }));
};

function listen(subject: string, callback: (message: Msg) => void): void {
  connection.subscribe(subject, { callback: (_error, message) => callback(message) });
}

async function publish(run: ExecutionRunV1): Promise<void> {
  await jetstream(connection).publish(
    jobSubject('default', 'interactive', run.executionId),
    JSON.stringify(jobEvent(run)),
  );
}

const jobsLeft = async (): Promise<number> => (await manager.streams.info(STREAMS.jobs)).state.messages;

beforeAll(async () => {
  servers = await startServers({ only: ['nats'] });
});
afterAll(() => servers.stop());

beforeEach(async () => {
  [outcomes, heartbeats, started] = [[], [], []];
  connection = await connect(natsLogin(servers.natsUrl, 'test'));
  manager = await jetstreamManager(connection);
  await manager.streams.add({
    name: STREAMS.jobs,
    subjects: [STREAM_SUBJECTS.jobs],
    retention: 'workqueue',
    storage: 'memory',
  });
  await manager.consumers.add(STREAMS.jobs, {
    durable_name: workerDurable('default', 'interactive'),
    filter_subject: jobFilter('default', 'interactive'),
    ack_policy: 'explicit',
    ack_wait: nanos(ACK_WAIT_MS),
  });
  listen(SIGNALS.workerHeartbeat, (message) => heartbeats.push(WorkerHeartbeatV1.parse(message.json())));
  listen(SIGNALS.executionStarted, (message) => started.push(ExecutionStartedV1.parse(message.json())));
  await connection.flush();
  worker = await ScriptedWorker.start(servers.natsUrl, { id: 'w1' });
});
afterEach(async () => {
  await worker.kill();
  await manager.streams.delete(STREAMS.jobs);
  await connection.close();
});

describe('ScriptedWorker', () => {
  it('pulls a job, tells the replica of its caller the outcome, acknowledges', async () => {
    listen(REPLY_TO, answer);
    worker.onJob(({ inputs }) => ({ outputs: { seen: inputs['text'] } }));
    const run = executionRun(REPLY_TO);
    await publish(run);
    await eventually(() => expect(outcomes).toHaveLength(1));
    expect(outcomes[0]).toMatchObject({
      executionId: run.executionId,
      tenant: 'default',
      epoch: 1,
      attempt: 1,
      worker: 'w1',
      status: 'succeeded',
      outputs: { seen: 'Lovely!' },
    });
    await eventually(async () => expect(await jobsLeft()).toBe(0));
    expect(worker.told).toMatchObject([{ receipt: { ok: true, data: { applied: true } } }]);
  });

  it('carries tenant and trace to who is told', async () => {
    const seen: (string | undefined)[] = [];
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    listen(REPLY_TO, (message) => {
      seen.push(message.headers?.get('dspy-tenant'), message.headers?.get('traceparent'));
      answer(message);
    });
    const run = executionRun(REPLY_TO);
    const event = { ...jobEvent(run, 'acme'), traceparent };
    await jetstream(connection).publish(jobSubject('default', 'interactive', run.executionId), JSON.stringify(event));
    await eventually(() => expect(seen).toEqual(['acme', traceparent]));
  });

  it('tells any replica when the one of the caller is gone', async () => {
    listen(REQUESTS.executionComplete, answer);
    await publish(executionRun('test.gone'));
    await eventually(() => expect(outcomes).toHaveLength(1));
    await eventually(async () => expect(await jobsLeft()).toBe(0));
  });

  it('gives a failure with an error', async () => {
    listen(REPLY_TO, answer);
    worker.onJob(() => ({ error: { code: 'model_error', message: 'No.', retryable: false, details: {} } }));
    await publish(executionRun(REPLY_TO));
    await eventually(() =>
      expect(outcomes).toMatchObject([{ status: 'failed', outputs: null, error: { code: 'model_error' } }]),
    );
  });

  it('makes a failure of a handler that throws', async () => {
    listen(REPLY_TO, answer);
    worker.onJob(() => Promise.reject(new Error('boom')));
    await publish(executionRun(REPLY_TO));
    await eventually(() =>
      expect(outcomes).toMatchObject([{ error: { code: 'worker_unexpected', message: 'Error: boom' } }]),
    );
  });

  it('does not acknowledge what nobody took; the job comes again', async () => {
    let refusals = 0;
    listen(REPLY_TO, (message) => {
      if (refusals > 0) return answer(message);
      refusals += 1;
      message.respond(
        JSON.stringify({ ok: false, error: { code: 'internal', message: '', retryable: false, details: {} } }),
      );
    });
    await publish(executionRun(REPLY_TO));
    await eventually(() => expect(outcomes).toMatchObject([{ attempt: 2 }]));
    await eventually(async () => expect(await jobsLeft()).toBe(0));
  });

  it('keeps a long job and says that it has started', async () => {
    listen(REPLY_TO, answer);
    const done = Promise.withResolvers<object>();
    worker.onJob(() => done.promise);
    const run = executionRun(REPLY_TO);
    await publish(run);
    await eventually(() => expect(started).toMatchObject([{ executionId: run.executionId, worker: 'w1', attempt: 1 }]));
    await eventually(() => expect(heartbeats.at(-1)).toMatchObject({ inFlight: 1 }));
    const fourBeats = heartbeats.length + 4;
    await eventually(() => expect(heartbeats.length).toBeGreaterThanOrEqual(fourBeats));
    done.resolve({});
    await eventually(() => expect(outcomes).toMatchObject([{ attempt: 1 }]));
    expect(worker.jobs).toHaveLength(1);
  });

  it.each(['cancelled', 'timed_out'] as const)('ends a job that is %s', async (reason) => {
    listen(REPLY_TO, answer);
    worker.onJob(() => new Promise(() => undefined));
    const run = executionRun(REPLY_TO);
    await publish(run);
    await eventually(() => expect(worker.jobs).toHaveLength(1));
    connection.publish(SIGNALS.executionCancel, JSON.stringify({ executionId: run.executionId, reason }));
    await eventually(() => expect(outcomes).toMatchObject([{ status: reason, error: { code: reason } }]));
    expect(worker.jobs[0]?.signal.aborted).toBe(true);
  });

  it('beats from the start, and says goodbye when it stops', async () => {
    await eventually(() => expect(heartbeats.length).toBeGreaterThanOrEqual(2));
    expect(heartbeats[0]).toMatchObject({ id: 'w1', status: 'ready' });
    await worker.stop();
    await eventually(() => expect(heartbeats.at(-1)?.status).toBe('stopped'));
  });

  it('says nothing when it is killed, and another gets its job', async () => {
    listen(REPLY_TO, answer);
    worker.onJob(() => new Promise(() => undefined));
    await publish(executionRun(REPLY_TO));
    await eventually(() => expect(worker.jobs).toHaveLength(1));
    await worker.kill();
    const other = await ScriptedWorker.start(servers.natsUrl, { id: 'w2' });
    await eventually(() => expect(outcomes).toMatchObject([{ worker: 'w2', attempt: 2 }]));
    expect(heartbeats.some(({ status }) => status === 'stopped')).toBe(false);
    await other.stop();
  });

  it('is silent while paused, loses its job to another, and tells its late outcome once resumed', async () => {
    listen(REPLY_TO, answer);
    worker.onJob(() => worker.pause());
    await publish(executionRun(REPLY_TO));
    await eventually(() => expect(worker.jobs).toHaveLength(1));
    const other = await ScriptedWorker.start(servers.natsUrl, { id: 'w2' });
    // Its standing pull still takes deliveries, as that of a process that hangs does.
    await eventually(() => expect(outcomes).toMatchObject([{ worker: 'w2' }]), { timeoutMs: 20_000 });
    expect(heartbeats.at(-1)?.id).toBe('w2');
    worker.resume();
    await eventually(() =>
      expect(outcomes.slice(1)).toContainEqual(expect.objectContaining({ worker: 'w1', attempt: 1 })),
    );
    await other.stop();
  }, 30_000);

  it('waits for a consumer that is declared later', async () => {
    listen(REPLY_TO, answer);
    const late = await ScriptedWorker.start(servers.natsUrl, { id: 'late', lanes: ['batch'] });
    await manager.consumers.add(STREAMS.jobs, {
      durable_name: workerDurable('default', 'batch'),
      filter_subject: jobFilter('default', 'batch'),
      ack_policy: 'explicit',
    });
    const run = executionRun(REPLY_TO);
    await jetstream(connection).publish(jobSubject('default', 'batch', run.executionId), JSON.stringify(jobEvent(run)));
    await eventually(() => expect(outcomes).toMatchObject([{ worker: 'late' }]));
    await late.stop();
  });
});

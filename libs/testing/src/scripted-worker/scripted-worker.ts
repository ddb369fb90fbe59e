import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import {
  CloudEvent,
  ExecutionCancelSignalV1,
  ExecutionRunV1,
  HEARTBEAT_INTERVAL_MS,
  ModuleName,
  REQUESTS,
  SIGNALS,
  STREAMS,
  workerDurable,
  type ExecutionInputsV1,
  type ExecutionOutcomeV1,
  type ExecutionStartedV1,
  type WorkerHeartbeatV1,
} from '@dspy-nest/contracts';
import { jetstream, type ConsumerMessages, type JsMsg } from '@nats-io/jetstream';
import {
  connect,
  headers,
  RequestError,
  TimeoutError,
  type MsgHdrs,
  type NatsConnection,
} from '@nats-io/transport-node';
import { eventually } from '../eventually';
import { bodyOf, messageOf, takeBack } from '../payloads';
import { natsLogin } from './nats-login';
import { ToldTokens } from './told-tokens';
import { interrupted, outcomeOf, type JobHandler, type ScriptedJob, type ScriptedOutcome } from './scripted-job';

const WORKING_INTERVAL_MS = 1_000;
const SAY_STARTED_AFTER_MS = 250;
const RECEIPT_TIMEOUT_MS = 5_000;
const CONSUMER_PATIENCE_MS = 30_000;

/** Who a scripted worker says it is. */
export interface ScriptedWorkerOptions {
  readonly id?: string;
  readonly pool?: string;
  readonly lanes?: readonly string[];
  readonly concurrency?: number;
}

/** An outcome that was told and the answer to it. */
export interface ToldOutcome {
  readonly outcome: ExecutionOutcomeV1;
  readonly receipt: { ok: true; data: { applied: boolean } } | { ok: false; error: { code: string } };
}

/** A worker without DSPy that speaks the whole contract: heartbeats, jobs, cancel signals, outcomes, acknowledgements. */
export class ScriptedWorker {
  /** Outcomes that were answered, in that order. */
  readonly told: ToldOutcome[] = [];
  /** Jobs received, redeliveries included. */
  readonly jobs: ScriptedJob[] = [];

  private readonly connection: NatsConnection;
  private readonly description: WorkerHeartbeatV1;
  /** A job may run twice here: delivered again after it hung. */
  private readonly running = new Map<AbortController, ScriptedJob>();
  private readonly toldTokens = new WeakMap<ScriptedJob, ToldTokens>();
  private readonly pulls: ConsumerMessages[] = [];
  private readonly heartbeats: NodeJS.Timeout;
  private paused: PromiseWithResolvers<void> | undefined;
  private isOver = false;
  private handler: JobHandler = () => ({});

  private constructor(connection: NatsConnection, description: WorkerHeartbeatV1) {
    this.connection = connection;
    this.description = description;
    this.heartbeats = setInterval(() => this.beat('ready'), HEARTBEAT_INTERVAL_MS);
  }

  /** Connects, says that it lives, and pulls from each lane as soon as its consumer is there. */
  static async start(natsUrl: string, options: ScriptedWorkerOptions = {}): Promise<ScriptedWorker> {
    const description = describe(options);
    const connection = await connect(natsLogin(natsUrl, description.id));
    const worker = new ScriptedWorker(connection, description);
    worker.listenForCancels();
    worker.beat('ready');
    await connection.flush();
    for (const lane of options.lanes ?? ['interactive']) void worker.pull(lane);
    return worker;
  }

  get id(): string {
    return this.description.id;
  }

  /** Says how to work on all jobs from now on. */
  onJob(handler: JobHandler): void {
    this.handler = handler;
  }

  /** Hangs: no heartbeat, no sign of progress, no outcome, until `resume`. */
  pause(): void {
    this.paused ??= Promise.withResolvers();
  }

  /** Goes on after `pause`, with a heartbeat at once. */
  resume(): void {
    this.unpause();
    this.beat('ready');
  }

  /** Leaves in good order: takes no more jobs, says goodbye, closes. Jobs in hand are left to others. */
  async stop(): Promise<void> {
    if (this.isOver) return;
    this.end();
    await Promise.all(this.pulls.map((pull) => pull.close()));
    this.beat('stopped');
    await this.connection.drain();
  }

  /** Dies without a word, as by SIGKILL. */
  async kill(): Promise<void> {
    if (this.isOver) return;
    this.end();
    await this.connection.close();
  }

  private end(): void {
    this.isOver = true;
    clearInterval(this.heartbeats);
    this.unpause();
    this.abort('cancelled', () => true);
  }

  private abort(reason: 'cancelled' | 'timed_out', applies: (job: ScriptedJob) => boolean): void {
    for (const [controller, job] of this.running) if (applies(job)) controller.abort(reason);
  }

  private unpause(): void {
    this.paused?.resolve();
    this.paused = undefined;
  }

  private beat(status: WorkerHeartbeatV1['status']): void {
    if (this.paused !== undefined || this.connection.isClosed()) return;
    const heartbeat: WorkerHeartbeatV1 = {
      ...this.description,
      status,
      inFlight: this.running.size,
      executed: this.told.length,
      rssBytes: process.memoryUsage.rss(),
    };
    this.connection.publish(SIGNALS.workerHeartbeat, JSON.stringify(heartbeat));
  }

  private listenForCancels(): void {
    this.connection.subscribe(SIGNALS.executionCancel, {
      callback: (_error, message) => {
        const { executionId, reason } = ExecutionCancelSignalV1.parse(message.json());
        this.abort(reason, (job) => job.executionId === executionId);
      },
    });
  }

  private async pull(lane: string): Promise<void> {
    const durable = workerDurable(this.description.pool, lane);
    const consumer = await eventually(
      () => (this.isOver ? undefined : jetstream(this.connection).consumers.get(STREAMS.jobs, durable)),
      { timeoutMs: CONSUMER_PATIENCE_MS },
    );
    if (consumer === undefined || this.isOver) return;
    const callback = (message: JsMsg): void => void this.work(message);
    this.pulls.push(await consumer.consume({ max_messages: this.description.concurrency, callback }));
  }

  private async work(message: JsMsg): Promise<void> {
    const startedAtMs = Date.now();
    const working = setInterval(() => this.paused === undefined && message.working(), WORKING_INTERVAL_MS);
    const abort = new AbortController();
    try {
      const job = await this.jobOf(message, abort.signal);
      this.jobs.push(job);
      this.running.set(abort, job);
      const said = await this.outcomeOf(job, abort.signal);
      const lastSequence = this.toldTokens.get(job)?.lastSequence;
      const whole = lastSequence === undefined ? said : { lastSequence, ...said };
      if (!this.isOver) await this.tell(message, job, outcomeOf(job, this.id, startedAtMs, whole));
    } catch (error) {
      // Nobody gave the inputs or took the outcome: like the real worker, leave the job to be delivered again.
      if (!(this.isOver || error instanceof RequestError || error instanceof TimeoutError)) throw error;
    } finally {
      clearInterval(working);
      this.running.delete(abort);
    }
  }

  private async outcomeOf(job: ScriptedJob, signal: AbortSignal): Promise<ScriptedOutcome> {
    const started = setTimeout(() => this.sayStarted(job), SAY_STARTED_AFTER_MS);
    try {
      const said = await Promise.race([this.handle(job), untilAborted(signal)]);
      await this.paused?.promise;
      return said;
    } finally {
      clearTimeout(started);
    }
  }

  private async handle(job: ScriptedJob): Promise<ScriptedOutcome> {
    try {
      return (await this.handler(job)) ?? {};
    } catch (error) {
      return { error: { code: 'worker_unexpected', message: String(error), retryable: false, details: {} } };
    }
  }

  private sayStarted({ executionId, tenant, epoch, attempt }: ScriptedJob): void {
    if (this.paused !== undefined || this.isOver) return;
    const started: ExecutionStartedV1 = { executionId, tenant, epoch, attempt, worker: this.id };
    this.connection.publish(SIGNALS.executionStarted, JSON.stringify(started));
  }

  private async jobOf(message: JsMsg, signal: AbortSignal): Promise<ScriptedJob> {
    const event = CloudEvent.parse(message.json());
    const run = ExecutionRunV1.parse(event.data);
    const inputs = run.inputs ?? (await this.inputsOf(run, event));
    const job: ScriptedJob = {
      ...run,
      inputs,
      tenant: event.tenant,
      attempt: message.info.deliveryCount,
      signal,
      tokens: () => this.beginTokens(job),
    };
    return job;
  }

  private async beginTokens(job: ScriptedJob): Promise<ToldTokens> {
    const told = await ToldTokens.begin(this.connection, job.tenant, job.executionId, job.attempt);
    this.toldTokens.set(job, told);
    return told;
  }

  private async inputsOf({ executionId }: ExecutionRunV1, event: CloudEvent): Promise<Record<string, unknown>> {
    const options = { timeout: RECEIPT_TIMEOUT_MS, headers: headersFor(event) };
    const asked = JSON.stringify({ id: executionId });
    const answer = await this.connection.request(REQUESTS.executionInputs, asked, options);
    return (await bodyOf<{ data: ExecutionInputsV1 }>(this.connection, answer)).data.inputs;
  }

  /** Tells the replica that holds the caller, or any other when that one is gone; then the job is done. */
  private async tell(message: JsMsg, job: ScriptedJob, outcome: ExecutionOutcomeV1): Promise<void> {
    const { body, headers: hdrs } = await messageOf(
      this.connection,
      JSON.stringify(outcome),
      headersFor(message.json<CloudEvent>()),
    );
    const options = { timeout: RECEIPT_TIMEOUT_MS, headers: hdrs };
    const reply = await this.connection.request(job.replyTo, body, options).catch((error: unknown) => {
      if (!(error instanceof RequestError && error.isNoResponders())) throw error;
      return this.connection.request(REQUESTS.executionComplete, body, options);
    });
    takeBack(this.connection, hdrs);
    const receipt = reply.json<ToldOutcome['receipt']>();
    if (receipt.ok) message.ack();
    this.told.push({ outcome, receipt });
  }
}

function describe(options: ScriptedWorkerOptions): WorkerHeartbeatV1 {
  return {
    id: options.id ?? `scripted-${randomUUID()}`,
    status: 'ready',
    pool: options.pool ?? 'default',
    lanes: ['interactive'],
    host: hostname(),
    pid: process.pid,
    startedAt: new Date().toISOString(),
    concurrency: options.concurrency ?? 64,
    inFlight: 0,
    executed: 0,
    rssBytes: 0,
    versions: { worker: 'scripted' },
    modules: ModuleName.options,
    formats: ['auto', 'chat', 'json', 'xml', 'completion'],
  };
}

function headersFor({ tenant, traceparent }: CloudEvent): MsgHdrs {
  const hdrs = headers();
  hdrs.set('dspy-tenant', tenant);
  if (traceparent !== undefined) hdrs.set('traceparent', traceparent);
  return hdrs;
}

async function untilAborted(signal: AbortSignal): Promise<ReturnType<typeof interrupted>> {
  await new Promise((abort) => signal.addEventListener('abort', abort, { once: true }));
  return interrupted(signal.reason as 'cancelled' | 'timed_out');
}

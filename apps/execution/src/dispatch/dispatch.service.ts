import type {
  CloudEvent,
  ExecutionAcceptedV1,
  ExecutionBegunV1,
  ExecutionEndedV1,
  ExecutionRunV1,
  ExecutionStartedV1,
} from '@dspy-nest/contracts';
import { SIGNALS, STREAMS, completeAtReplica, jobSubject } from '@dspy-nest/contracts';
import { JobQueue, SignalBus, TokenLog, isTooLargeForMessage } from '@dspy-nest/messaging';
import { type Logger, inSpan, cloudEvent } from '@dspy-nest/platform';
import { Inject, Injectable } from '@nestjs/common';
import { LocalRuns } from '../adapters/local-runs/local-runs.service';
import { CONFIG, type ExecutionConfig } from '../execution.config';
import { type ExecutionEntity, toLogFields } from '../executions/execution.entity';
import { LOGGER } from '../logger';
import { REPLICA_ID } from './replica';

type SpanContext = Pick<ExecutionEntity, 'tenant' | 'traceparent'>;

type Queued = Pick<ExecutionEntity, 'pool' | 'lane' | 'id' | 'adapter'>;

const subjectOf = (row: Queued): string => jobSubject(row.pool, row.lane, row.id);

/** The same for the same execution and epoch. */
const jobId = ({ executionId, epoch }: ExecutionRunV1): string => `${executionId}:${epoch}`;

function toEvent(ctx: SpanContext, job: ExecutionRunV1): CloudEvent<ExecutionRunV1> {
  const init = { id: jobId(job), source: 'execution', type: 'execution.run.v1', subject: job.executionId };
  return cloudEvent(ctx, { ...init, data: job });
}

/** Publishes a job in a span below which the worker's stands. */
function sendSpan<T>(row: ExecutionEntity, send: (ctx: SpanContext) => Promise<T>): Promise<T> {
  const attributes = {
    'messaging.system': 'nats',
    'messaging.operation.type': 'send',
    'messaging.operation.name': 'publish',
    'messaging.destination.name': STREAMS.jobs,
    'messaging.message.id': row.id,
  };
  const { tenant, traceparent } = row;
  return inSpan({ tenant, traceparent }, `publish ${STREAMS.jobs}`, { kind: 'producer', attributes }, send);
}

/** Hands executions to what runs them: the fleet, by one job each in the work queue of its pool and lane, or this service itself. */
@Injectable()
export class DispatchService {
  constructor(
    private readonly jobs: JobQueue,
    private readonly signals: SignalBus,
    private readonly tokens: TokenLog,
    private readonly local: LocalRuns,
    @Inject(CONFIG) private readonly config: ExecutionConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Publishes the job of an accepted execution; the same execution and epoch is taken once, however often it is published.
   * Inputs that are too large for a message stay behind: the worker asks for them.
   */
  async publish(row: ExecutionEntity): Promise<void> {
    if (this.local.includes(row)) return this.local.take(row);
    const job = this.toJob(row);
    await sendSpan(row, (ctx) => {
      const whole = JSON.stringify(toEvent(ctx, job));
      const sent = isTooLargeForMessage(whole) ? JSON.stringify(toEvent(ctx, { ...job, inputs: null })) : whole;
      return this.jobs.publish(subjectOf(row), jobId(job), sent);
    });
  }

  /**
   * Publishes the job of an execution whose acceptance is not written yet. Resolves to false, having done nothing, when its
   * inputs are too large for a message: what the worker is to ask for has to be there first.
   */
  async publishUnaccepted(row: ExecutionEntity): Promise<boolean> {
    if (this.local.includes(row)) {
      this.local.take(row);
      return true;
    }
    const job = this.toJob(row);
    return sendSpan(row, async (ctx) => {
      const whole = JSON.stringify(toEvent(ctx, job));
      if (isTooLargeForMessage(whole)) return false;
      await this.jobs.publish(subjectOf(row), jobId(job), whole);
      return true;
    });
  }

  /** Publishes the job of an execution whose acceptance is committed; should this fail, the sweeper does. Never rejects. */
  async publishAccepted(row: ExecutionEntity): Promise<void> {
    this.announceAcceptance(row);
    try {
      await this.publish(row);
    } catch (error) {
      this.logger.warn({ err: error, ...toLogFields(row) }, 'Could not publish a job; the sweeper will.');
    }
  }

  /** Runs an execution here that was the fleet's until now. Its job is taken out first; one that stays makes a late outcome, which is not taken. */
  async fallBack(row: ExecutionEntity): Promise<void> {
    await this.jobs.remove(subjectOf(row)).catch((error: unknown) => {
      this.logger.warn({ err: error, ...toLogFields(row) }, 'Could not take the job of an execution out of the queue.');
    });
    this.local.take(row);
  }

  /** Whether an execution is one of the fleet, whose outcome a worker brings. */
  isOfFleet(row: ExecutionEntity): boolean {
    return !this.local.includes(row);
  }

  /** Whether somebody has an execution in hand: its job is in the queue, waiting or with a worker, or this replica runs it. */
  async isQueued(row: Queued): Promise<boolean> {
    if (this.local.includes(row)) return this.local.holds(row.id);
    return this.jobs.has(subjectOf(row));
  }

  /** Tells the caller who waits for an execution and follows it that its acceptance is committed. */
  announceAcceptance({ tenant, id, stream, deadlineAt }: ExecutionEntity): void {
    if (!stream || deadlineAt === null) return;
    this.signals.publish(SIGNALS.executionAccepted, { tenant, executionId: id } satisfies ExecutionAcceptedV1);
  }

  /** Tells who follows an execution that a worker has begun with it. */
  announceBegin({ tenant, executionId }: ExecutionStartedV1): void {
    this.signals.publish(SIGNALS.executionBegun, { tenant, executionId } satisfies ExecutionBegunV1);
  }

  /** Tells the other replicas that an execution has ended whose caller one of them may hold. */
  announceEnd({ tenant, id }: ExecutionEntity): void {
    this.signals.publish(SIGNALS.executionEnded, { tenant, executionId: id } satisfies ExecutionEndedV1);
  }

  /** Takes an execution back: who runs it stops its model call, and no other picks it up. */
  async withdraw(row: ExecutionEntity, reason: 'cancelled' | 'timed_out'): Promise<void> {
    this.signals.publish(SIGNALS.executionCancel, { executionId: row.id, reason });
    if (!this.local.includes(row)) await this.jobs.remove(subjectOf(row));
  }

  /**
   * Ends what is told of an execution by a worker that will not say itself how it ended. Resolves to the number of the last
   * event; null when there was none, or that cannot be known.
   */
  async shutTokens(row: ExecutionEntity): Promise<number | null> {
    try {
      return row.stream ? await this.tokens.shut(row.tenant, row.id) : null;
    } catch (error) {
      this.logger.warn({ err: error, ...toLogFields(row) }, 'Could not end the tokens of an execution that has ended.');
      return null;
    }
  }

  private toJob(row: ExecutionEntity): ExecutionRunV1 {
    return {
      executionId: row.id,
      epoch: row.epoch,
      programId: row.programId,
      program: row.program,
      version: row.version,
      programHash: row.programHash,
      modelId: row.modelId,
      modelVersion: row.modelVersion,
      format: row.format,
      ...(row.ensemble !== null && { ensemble: row.ensemble }),
      inputs: row.inputs,
      timeoutMs: row.timeoutMs,
      limits: row.limits,
      maxRetries: row.maxRetries,
      record: row.record && this.config.DSPY_NEST_RECORD_RETENTION_DAYS > 0,
      ...(row.stream && { stream: true as const }),
      ...(row.replayOf !== null && { replayOf: row.replayOf }),
      deadlineAt: row.deadlineAt?.toISOString() ?? null,
      acceptedAtMs: row.createdAt.getTime(),
      replyTo: completeAtReplica(REPLICA_ID),
    };
  }
}

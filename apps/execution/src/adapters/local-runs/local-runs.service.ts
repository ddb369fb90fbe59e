import type { ExecutionCancelSignalV1, ExecutionOutcomeV1, ExecutionStartedV1 } from '@dspy-nest/contracts';
import { SIGNALS } from '@dspy-nest/contracts';
import { SignalBus } from '@dspy-nest/messaging';
import { AppError, type Logger, inSpan, receivedContext, toWireError } from '@dspy-nest/platform';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { REPLICA_ID } from '../../dispatch/replica';
import { type ExecutionEntity, toLogFields } from '../../executions/execution.entity';
import { LOGGER } from '../../logger';
import { Adapters } from '../adapters';
import { LocalLeasesRepository } from './local-leases.repository';
import { NO_MODEL_ASKED, type RunResult, Stopped, stoppedError, unexpectedError } from './run-result';

/** Executions that one replica runs at once; each waits for a model nearly all the time. */
export const LOCAL_RUNS_MAX = 1_000;
const SAY_STARTED_AFTER_MS = 250;
const RENEW_EVERY_MS = 3_000;

/** Told of what happens to the executions run here. */
export interface LocalRunsListener {
  started(started: ExecutionStartedV1): Promise<void>;
  ended(row: ExecutionEntity, outcome: ExecutionOutcomeV1): Promise<unknown>;
}

interface Held {
  readonly row: ExecutionEntity;
  readonly stop: AbortController;
}

/** Runs in this process the executions of adapters that need no worker: no queue between acceptance and model. */
@Injectable()
export class LocalRuns implements OnModuleInit, OnModuleDestroy {
  private readonly held = new Map<string, Held>();
  private listener: LocalRunsListener | undefined;
  private renewing: NodeJS.Timeout | undefined;

  constructor(
    private readonly adapters: Adapters,
    private readonly signals: SignalBus,
    private readonly leases: LocalLeasesRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.signals.subscribe<ExecutionCancelSignalV1>(SIGNALS.executionCancel, ({ executionId, reason }) => {
      this.held.get(executionId)?.stop.abort(new Stopped(reason));
    });
    this.renewing = setInterval(() => this.renew(), RENEW_EVERY_MS);
  }

  onModuleDestroy(): void {
    clearInterval(this.renewing);
    // What is cut off here has no outcome: another replica, or this one after its start, runs it again.
    this.listener = undefined;
    for (const { stop } of this.held.values()) stop.abort(new Stopped('cancelled'));
  }

  /** Tells the listener of what happens from now on. */
  listen(listener: LocalRunsListener): void {
    this.listener = listener;
  }

  /** Whether an execution is one that runs in this process, and not on the fleet. */
  includes({ adapter }: Pick<ExecutionEntity, 'adapter'>): boolean {
    return this.adapters.find(adapter)?.run !== undefined;
  }

  /** How many more executions may be taken now. */
  get room(): number {
    return Math.max(0, LOCAL_RUNS_MAX - this.held.size);
  }

  /** Begins with an execution; one that is held already goes on. */
  take(row: ExecutionEntity): void {
    if (this.held.has(row.id)) return;
    const held = { row, stop: new AbortController() };
    this.held.set(row.id, held);
    this.settle(held)
      .catch((err: unknown) =>
        this.logger.error({ err, ...toLogFields(row) }, 'The outcome of a local execution was not committed.'),
      )
      .finally(() => this.held.delete(row.id));
  }

  /** Whether this replica has the execution in hand. */
  holds(id: string): boolean {
    return this.held.has(id);
  }

  private async settle({ row, stop }: Held): Promise<void> {
    const beganAt = performance.now();
    const queueMs = Math.max(0, Date.now() - row.createdAt.getTime());
    const { id, tenant, epoch } = row;
    const worker = `${row.adapter}-${REPLICA_ID}`;
    const started = { executionId: id, tenant, epoch, attempt: epoch, worker };
    const saying = setTimeout(() => this.sayStarted(started, row), SAY_STARTED_AFTER_MS);
    const leftMs =
      row.deadlineAt === null ? row.timeoutMs : Math.min(row.timeoutMs, row.deadlineAt.getTime() - Date.now());
    const ending = setTimeout(() => stop.abort(new Stopped('timed_out')), leftMs);
    try {
      const result = await this.result(row, stop.signal, beganAt + leftMs);
      const workerMs = performance.now() - beganAt;
      await this.listener?.ended(row, { ...started, ...result, queueMs, workerMs });
    } finally {
      clearTimeout(saying);
      clearTimeout(ending);
    }
  }

  private async result(row: ExecutionEntity, signal: AbortSignal, deadlineAt: number): Promise<RunResult> {
    const attributes = { 'execution.id': row.id };
    const received = receivedContext(row.tenant, row.traceparent);
    try {
      return await inSpan(received, `run ${row.program}`, { kind: 'internal', attributes }, (ctx) => {
        const running = this.adapters.find(row.adapter)?.run?.({ row, ctx, signal, deadlineAt });
        if (running === undefined) throw new Error(`The adapter ${row.adapter} runs nothing in this process.`);
        return running;
      });
    } catch (error) {
      return this.failed(row, error);
    }
  }

  private failed(row: ExecutionEntity, error: unknown): RunResult {
    const ended = { ...NO_MODEL_ASKED, outputs: null } as const;
    if (error instanceof Stopped) return { ...ended, status: error.reason, error: stoppedError(error) };
    if (error instanceof AppError) return { ...ended, status: 'failed', error: toWireError(error) };
    this.logger.error({ err: error, ...toLogFields(row) }, 'A local execution failed.');
    return { ...ended, status: 'failed', error: unexpectedError() };
  }

  private sayStarted(started: ExecutionStartedV1, row: ExecutionEntity): void {
    this.listener?.started(started).catch((err: unknown) => {
      this.logger.warn({ err, ...toLogFields(row) }, 'Could not note that an execution has begun.');
    });
  }

  private renew(): void {
    if (this.held.size === 0) return;
    this.leases.renew([...this.held.keys()]).catch((err: unknown) => {
      this.logger.warn({ err }, 'Could not say that local executions are in hand; another replica may run them too.');
    });
  }
}

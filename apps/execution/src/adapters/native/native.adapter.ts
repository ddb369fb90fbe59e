import type {
  ExecutionCancelSignalV1,
  ExecutionOutcomeV1,
  ExecutionStartedV1,
  ModelConnectionV1,
} from '@dspy-nest/contracts';
import { REQUESTS, SIGNALS } from '@dspy-nest/contracts';
import { RequestClient, SignalBus } from '@dspy-nest/messaging';
import { type Logger, type RequestContext, AppError, inSpan, receivedContext, toWireError } from '@dspy-nest/platform';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { REPLICA_ID } from '../../dispatch/replica';
import { CONFIG, type ExecutionConfig } from '../../execution.config';
import { type ExecutionEntity, toLogFields } from '../../executions/execution.entity';
import { LOGGER } from '../../logger';
import { ProgramsClient } from '../../programs/programs.client';
import { VersionedCache } from '../../programs/versioned-cache';
import { ModelHttp } from './http-post';
import { type NativeProgram, nativeProgram } from './native-program';
import { NativeLeasesRepository } from './native-leases.repository';
import { runProgram, toWireError as runError } from './run-program';
import { type RunResult, Stopped } from './run-result';

/** Executions that one replica runs at once; each waits for a model nearly all the time. */
export const NATIVE_RUNS_MAX = 1_000;
const PREPARED_MAX = 5_000;
const MODELS_MAX = 1_000;
const SAY_STARTED_AFTER_MS = 250;
const RENEW_EVERY_MS = 3_000;

/** Told of what happens to the executions run here. */
export interface NativeListener {
  started(started: ExecutionStartedV1): Promise<void>;
  ended(row: ExecutionEntity, outcome: ExecutionOutcomeV1): Promise<unknown>;
}

interface Held {
  readonly row: ExecutionEntity;
  readonly stop: AbortController;
}

const NOTHING_USED = { promptTokens: null, completionTokens: null, costUsd: null };

/** Runs Predict and ChainOfThought in this process: no worker and no queue between acceptance and model. */
@Injectable()
export class NativeAdapter implements OnModuleInit, OnModuleDestroy {
  private readonly held = new Map<string, Held>();
  private readonly programs = new VersionedCache<NativeProgram>(PREPARED_MAX);
  private readonly models = new VersionedCache<ModelConnectionV1>(MODELS_MAX);
  private readonly http: ModelHttp;
  private listener: NativeListener | undefined;
  private renewing: NodeJS.Timeout | undefined;

  constructor(
    private readonly catalogue: ProgramsClient,
    private readonly requests: RequestClient,
    private readonly signals: SignalBus,
    private readonly leases: NativeLeasesRepository,
    @Inject(CONFIG) config: ExecutionConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.http = new ModelHttp(config.DSPY_NEST_MODEL_NETWORKS);
  }

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
    this.http.close();
  }

  /** Tells the listener of what happens from now on. */
  listen(listener: NativeListener): void {
    this.listener = listener;
  }

  /** How many more executions may be taken now. */
  get room(): number {
    return Math.max(0, NATIVE_RUNS_MAX - this.held.size);
  }

  /** Begins with an execution; one that is held already goes on. */
  take(row: ExecutionEntity): void {
    if (this.held.has(row.id)) return;
    const held = { row, stop: new AbortController() };
    this.held.set(row.id, held);
    this.settle(held)
      .catch((err: unknown) =>
        this.logger.error({ err, ...toLogFields(row) }, 'The outcome of a native execution was not committed.'),
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
    const started = {
      executionId: row.id,
      tenant: row.tenant,
      epoch: row.epoch,
      attempt: row.epoch,
      worker: workerName,
    };
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
    const ctx = receivedContext(row.tenant, row.traceparent);
    try {
      return await inSpan(
        ctx,
        `run ${row.program}`,
        { kind: 'internal', attributes: { 'execution.id': row.id } },
        async (own) => {
          const [program, model] = await Promise.all([this.program(own, row), this.model(own, row)]);
          const { inputs, limits, maxRetries, epoch } = row;
          const { traceparent } = own;
          return runProgram(this.http, {
            program,
            model,
            inputs,
            limits,
            maxRetries,
            attempt: epoch,
            traceparent,
            deadlineAt,
            signal,
          });
        },
      );
    } catch (error) {
      if (!(error instanceof AppError))
        this.logger.error({ err: error, ...toLogFields(row) }, 'A native execution failed.');
      return notRun(error);
    }
  }

  private program(ctx: RequestContext, { programId, version, programHash }: ExecutionEntity): Promise<NativeProgram> {
    // How answers are checked is not in the hash.
    return this.programs.get(`${programHash}/${programId}/${version}`, async () =>
      nativeProgram((await this.catalogue.resolve(ctx, programId, version)).program),
    );
  }

  private model(ctx: RequestContext, { tenant, modelId, modelVersion }: ExecutionEntity): Promise<ModelConnectionV1> {
    return this.models.get(`${tenant}/${modelId}/${modelVersion}`, () =>
      this.requests.request<ModelConnectionV1>(ctx, REQUESTS.modelConnect, { modelId, version: modelVersion }),
    );
  }

  private sayStarted(started: ExecutionStartedV1, row: ExecutionEntity): void {
    this.listener?.started(started).catch((err: unknown) => {
      this.logger.warn({ err, ...toLogFields(row) }, 'Could not note that an execution has begun.');
    });
  }

  private renew(): void {
    if (this.held.size === 0) return;
    this.leases.renew([...this.held.keys()]).catch((err: unknown) => {
      this.logger.warn({ err }, 'Could not say that native executions are in hand; another replica may run them too.');
    });
  }
}

const workerName = `native-${REPLICA_ID}`;

/** The result of an execution whose program or model could not be had. */
function notRun(error: unknown): RunResult {
  const wire = error instanceof AppError ? toWireError(error) : runError(error);
  const recovery = { modelRetries: 0, parseRetries: 0, repairs: 0 };
  return {
    status: 'failed',
    outputs: null,
    error: wire,
    coercions: [],
    usage: NOTHING_USED,
    lmMs: 0,
    parseMs: 0,
    recovery,
    calls: [],
  };
}

import {
  type BatchAbortV1,
  type BatchAppendV1,
  type BatchCloseV1,
  type BatchCreateV1,
  type BatchRowV1,
  type BatchV1,
} from '@dspy-nest/contracts';
import { keyedRequest } from '@dspy-nest/persistence';
import { type RequestContext, toWireError, ValidationFailedError } from '@dspy-nest/platform';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type BatchEntity, toBatch } from '../batches/batch.entity';
import { BatchFinishedError, BatchNotFoundError } from '../batches/batches.errors';
import { BatchesRepository } from '../batches/batches.repository';
import { ModelRouter, type Routed } from '../adapters/model-router';
import { planExecution } from '../dispatch/execution-plan';
import { BATCH_LANE, DEFAULT_POOL } from '../dispatch/replica';
import { ProgramsClient } from '../programs/programs.client';
import { prepareRow, type StoredRow } from './batch-row';
import { BatchIncompleteError, BatchRowsDifferError } from './batch-uploads.errors';
import { BatchUploadsRepository } from './batch-uploads.repository';

/** How batches come in: asked for, brought in pieces that may come twice, and closed. */
@Injectable()
export class BatchUploadsService {
  constructor(
    private readonly programs: ProgramsClient,
    private readonly router: ModelRouter,
    private readonly batches: BatchesRepository,
    private readonly uploads: BatchUploadsRepository,
  ) {}

  /** Makes a batch that rows can be brought to. The same id, or key, is the same batch. Rejects as an execution does. */
  async create(ctx: RequestContext, request: BatchCreateV1): Promise<BatchV1> {
    const keyed = keyedRequest(ctx, 'batch.create', { ...request, id: undefined });
    const now = new Date();
    const first = keyed && (await this.uploads.first(keyed, now));
    if (first) return this.stored(ctx, first.subjectId);
    const row = newBatch(ctx, request, await this.router.resolve(ctx, request), now);
    return this.stored(ctx, await this.uploads.create(row, keyed));
  }

  /** Makes a batch of rows that are all there, and has them run. Rejects as {@link create} does; then nothing is run. */
  async createWhole(ctx: RequestContext, request: BatchCreateV1, rows: BatchRowV1[]): Promise<BatchV1> {
    const { id } = await this.create(ctx, request);
    try {
      await this.append(ctx, { id, first: 0, rows });
      return await this.close(ctx, { id, rows: rows.length });
    } catch (error) {
      await this.abort(ctx, { id, error: toWireError(error) });
      throw error;
    }
  }

  /** Takes rows; those that are there stay as they are. Rejects with BatchRowsDifferError when they are others. */
  async append(ctx: RequestContext, { id, first, rows }: BatchAppendV1): Promise<{ received: number }> {
    const batch = await this.batches.find({ tenant: ctx.tenant, id });
    if (batch === null) throw new BatchNotFoundError(id);
    const { checkInputs } = await this.programs.resolve(ctx, batch.programId, batch.version);
    const preparation = { batchId: id, checkInputs, record: batch.plan.record };
    const stored = rows.map((row, offset) => prepareRow(row, first + offset, preparation));
    await this.holding(ctx, id, async (manager, held) => {
      const written = held.status === 'receiving' ? await this.uploads.append(manager, held, stored) : 0;
      if (written < rows.length) await this.refuseOthers(manager, held, stored);
    });
    return { received: rows.length };
  }

  /**
   * Has the rows run once all have come; what is over or runs already stays as it is. Rejects with ValidationFailedError for
   * none, BatchIncompleteError for too few, and BatchRowsDifferError for fewer than the first time.
   */
  async close(ctx: RequestContext, { id, rows }: BatchCloseV1): Promise<BatchV1> {
    const closed = await this.holding(ctx, id, async (manager, held) => {
      if (rows < held.received) throw new BatchRowsDifferError(id, `it had ${held.received} rows, not ${rows}`);
      if (held.status !== 'receiving') return held;
      if (rows > held.received) throw new BatchIncompleteError(id, held.received, rows);
      if (rows > 0) {
        const startedAt = new Date();
        await this.batches.moveWithin(manager, held, {
          to: 'running',
          from: ['receiving'],
          verb: 'started',
          startedAt,
        });
        return held;
      }
      await this.uploads.remove(manager, held);
      return null;
    });
    if (closed === null) throw noRows();
    this.batches.announce();
    return toBatch(closed, new Date());
  }

  /** Ends a batch whose rows will not all come. */
  async abort(ctx: RequestContext, { id, error }: BatchAbortV1): Promise<BatchV1> {
    const move = { to: 'failed', from: ['receiving'], verb: 'failed', error, finishedAt: new Date() } as const;
    const moved = await this.batches.move({ tenant: ctx.tenant, id }, move);
    return moved === null ? this.stored(ctx, id) : toBatch(moved, new Date());
  }

  private async refuseOthers(manager: EntityManager, batch: BatchEntity, rows: StoredRow[]): Promise<void> {
    const other = await this.uploads.firstOther(manager, batch, rows);
    if (other === null) return;
    const isComplete = batch.status === 'running' || batch.status === 'completed';
    if (other.missing && !isComplete) throw new BatchFinishedError(batch.id, batch.status);
    throw new BatchRowsDifferError(batch.id, `its row ${other.index} is another one`);
  }

  private async holding<T>(
    { tenant }: RequestContext,
    id: string,
    work: (manager: EntityManager, batch: BatchEntity) => Promise<T>,
  ): Promise<T> {
    const done: { result?: T } = {};
    const found = await this.batches.holding({ tenant, id }, async (manager, batch) => {
      done.result = await work(manager, batch);
      return true;
    });
    if (found === null) throw new BatchNotFoundError(id);
    return done.result as T;
  }

  private async stored({ tenant }: RequestContext, id: string): Promise<BatchV1> {
    const row = await this.batches.find({ tenant, id });
    if (row === null) throw new BatchNotFoundError(id);
    return toBatch(row, new Date());
  }
}

function newBatch(ctx: RequestContext, request: BatchCreateV1, routed: Routed, now: Date): BatchEntity {
  const { program, model, ensemble } = routed;
  const asked = { ...request, lane: BATCH_LANE, wait: false };
  const { adapter, format, fallback, timeoutMs, limits, maxRetries, record, cacheTtlS } = planExecution(asked, routed);
  return {
    tenant: ctx.tenant,
    id: request.id,
    name: request.name ?? null,
    programId: program.programId,
    program: program.name,
    version: program.version,
    signature: program.signature.name,
    model: model.name,
    adapter,
    format,
    plan: {
      programHash: program.hash,
      modelId: model.id,
      modelVersion: model.version,
      ensemble,
      fallback,
      pool: DEFAULT_POOL,
      timeoutMs,
      limits,
      maxRetries,
      record,
      cacheTtlS,
      maxConcurrency: program.config.maxConcurrency ?? null,
      parallelCalls: model.capabilities.parallelCalls ?? null,
    },
    status: 'receiving',
    error: null,
    received: 0,
    invalid: 0,
    nextIndex: 0,
    dispatched: 0,
    succeeded: 0,
    failed: 0,
    cancelled: 0,
    timedOut: 0,
    promptTokens: null,
    completionTokens: null,
    costUsd: null,
    unpriced: 0,
    rowsPerS: null,
    traceparent: ctx.traceparent,
    createdAt: now,
    receivedAt: now,
    startedAt: null,
    finishedAt: null,
  };
}

function noRows(): ValidationFailedError {
  const message =
    'A batch needs at least one row: the inputs of one execution each, as an array or as lines of NDJSON.';
  return new ValidationFailedError(message, [{ pointer: '', code: 'no_rows', message }]);
}

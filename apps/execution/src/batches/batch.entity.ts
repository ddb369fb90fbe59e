import type { BatchChangedV1, BatchStatus, BatchV1, Ensemble, WireError } from '@dspy-nest/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ExecutionEntity } from '../executions/execution.entity';
import { countsOf, progressOf } from './batch-progress';

/** What each execution of a batch is run with, as it was decided when the batch was asked for. */
export type BatchPlan = Pick<
  ExecutionEntity,
  'programHash' | 'modelId' | 'modelVersion' | 'pool' | 'timeoutMs' | 'limits' | 'maxRetries' | 'record' | 'cacheTtlS'
> & {
  maxConcurrency: number | null;
  /** Calls that the model answers at once. Not in batches that were made before models said so. */
  parallelCalls?: number | null;
  /** Not in batches that were made before several models could be asked. */
  ensemble?: Ensemble | null;
  /** Not in batches that were made before programs could do without workers. */
  fallback?: boolean;
};

const asNumber = {
  from: (text: string | null) => (text === null ? null : Number(text)),
  to: (value: unknown) => value,
};

/**
 * One batch and its counters: rows that came (`received`), of these such as cannot be run (`invalid`), rows that were handed to
 * the fleet (`dispatched`, all before `nextIndex`), and how executions ended.
 */
@Entity({ name: 'batches' })
export class BatchEntity {
  @PrimaryColumn('text') tenant: string;
  @PrimaryColumn('uuid') id: string;
  @Column('text', { nullable: true }) name: string | null;
  @Column('uuid', { name: 'program_id' }) programId: string;
  @Column('text') program: string;
  @Column('int') version: number;
  @Column('text') signature: string;
  @Column('text') model: string;
  @Column('text') adapter: BatchV1['adapter'];
  @Column('text') format: BatchV1['format'];
  @Column('json') plan: BatchPlan;
  @Column('text') status: BatchStatus;
  @Column('json', { nullable: true }) error: WireError | null;
  @Column('int') received: number;
  @Column('int') invalid: number;
  @Column('int', { name: 'next_index' }) nextIndex: number;
  @Column('int') dispatched: number;
  @Column('int') succeeded: number;
  @Column('int') failed: number;
  @Column('int') cancelled: number;
  @Column('int', { name: 'timed_out' }) timedOut: number;
  @Column('bigint', { name: 'prompt_tokens', nullable: true, transformer: asNumber }) promptTokens: number | null;
  @Column('bigint', { name: 'completion_tokens', nullable: true, transformer: asNumber })
  completionTokens: number | null;
  @Column('float8', { name: 'cost_usd', nullable: true }) costUsd: number | null;
  @Column('int') unpriced: number;
  @Column('float8', { name: 'rows_per_s', nullable: true }) rowsPerS: number | null;
  @Column('text') traceparent: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'received_at' }) receivedAt: Date;
  @Column('timestamptz', { name: 'started_at', nullable: true }) startedAt: Date | null;
  @Column('timestamptz', { name: 'finished_at', nullable: true }) finishedAt: Date | null;
}

const usageOf = ({ promptTokens, completionTokens, costUsd, unpriced }: BatchEntity): BatchV1['usage'] => ({
  promptTokens,
  completionTokens,
  costUsd,
  unpriced,
});

/** The batch as callers see it at `now`. */
export function toBatch(row: BatchEntity, now: Date): BatchV1 {
  return {
    id: row.id,
    name: row.name,
    program: row.program,
    programId: row.programId,
    version: row.version,
    signature: row.signature,
    model: row.model,
    adapter: row.adapter,
    format: row.format,
    status: row.status,
    error: row.error,
    counts: countsOf(row),
    progress: progressOf(row, now),
    usage: usageOf(row),
    traceId: row.traceparent.slice(3, 35),
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

/** The batch as its public events tell of it. */
export function toBatchChanged(row: BatchEntity): BatchChangedV1 {
  return {
    id: row.id,
    name: row.name,
    program: row.program,
    programId: row.programId,
    version: row.version,
    status: row.status,
    counts: countsOf(row),
    usage: usageOf(row),
    errorCode: row.error?.code ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

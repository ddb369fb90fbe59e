import type {
  CallLimits,
  Coercion,
  Ensemble,
  ExecutionStatus,
  ExecutionV1,
  JsonObject,
  LaneName,
  Recovery,
  WireError,
} from '@dspy-nest/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One execution. JSON columns keep their text (`json`, not `jsonb`), so that fields come back in the order they were given. */
@Entity({ name: 'executions' })
export class ExecutionEntity {
  @PrimaryColumn('text') tenant: string;
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'program_id' }) programId: string;
  @Column('text') program: string;
  @Column('int') version: number;
  @Column('text') signature: string;
  @Column('text') status: ExecutionStatus;
  @Column('json') inputs: JsonObject;
  @Column('json', { nullable: true }) outputs: JsonObject | null;
  @Column('json', { nullable: true }) error: WireError | null;
  @Column('json') coercions: Coercion[];
  @Column('text') model: string;
  @Column('uuid', { name: 'model_id' }) modelId: string;
  @Column('int', { name: 'model_version' }) modelVersion: number;
  @Column('text') adapter: ExecutionV1['adapter'];
  @Column('text') format: ExecutionV1['format'];
  /** Whether it may run, or runs, in the adapter native because no worker lives. */
  @Column('bool') fallback: boolean;
  @Column('text') pool: string;
  @Column('text') lane: LaneName;
  /** The models of an execution that asks several; `model` is then the first, and at last the one whose answer was taken. */
  @Column('json', { nullable: true }) ensemble: Ensemble | null;
  @Column('text', { name: 'program_hash' }) programHash: string;
  @Column('text', { nullable: true }) worker: string | null;
  @Column('int') attempt: number;
  @Column('int') epoch: number;
  @Column('int', { name: 'timeout_ms' }) timeoutMs: number;
  @Column('json') limits: CallLimits;
  @Column('int', { name: 'max_retries' }) maxRetries: number;
  @Column('bool') record: boolean;
  /** Whether the worker tells tokens. */
  @Column('bool') stream: boolean;
  /** The number of the last event that was told while it ran. */
  @Column('int', { name: 'last_sequence', nullable: true }) lastSequence: number | null;
  @Column('timestamptz', { name: 'deadline_at', nullable: true }) deadlineAt: Date | null;
  @Column('timestamptz', { name: 'dispatched_at' }) dispatchedAt: Date;
  @Column('int', { name: 'prompt_tokens', nullable: true }) promptTokens: number | null;
  @Column('int', { name: 'completion_tokens', nullable: true }) completionTokens: number | null;
  @Column('float8', { name: 'cost_usd', nullable: true }) costUsd: number | null;
  @Column('float8', { name: 'total_ms', nullable: true }) totalMs: number | null;
  @Column('float8', { name: 'queue_ms', nullable: true }) queueMs: number | null;
  @Column('float8', { name: 'worker_ms', nullable: true }) workerMs: number | null;
  @Column('float8', { name: 'lm_ms', nullable: true }) lmMs: number | null;
  @Column('float8', { name: 'parse_ms', nullable: true }) parseMs: number | null;
  @Column('json') recovery: Recovery;
  @Column('bool') cached: boolean;
  @Column('text', { name: 'cache_key', nullable: true }) cacheKey: string | null;
  @Column('int', { name: 'cache_ttl_s', nullable: true }) cacheTtlS: number | null;
  @Column('uuid', { name: 'batch_id', nullable: true }) batchId: string | null;
  @Column('int', { name: 'batch_index', nullable: true }) batchIndex: number | null;
  @Column('uuid', { name: 'rerun_of', nullable: true }) rerunOf: string | null;
  @Column('uuid', { name: 'replay_of', nullable: true }) replayOf: string | null;
  @Column('text') traceparent: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'finished_at', nullable: true }) finishedAt: Date | null;
}

/** Milliseconds with a precision that means something. */
const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;
const roundedOrNull = (ms: number | null): number | null => (ms === null ? null : rounded(ms));

function timingOf(row: ExecutionEntity): ExecutionV1['timing'] {
  if (row.totalMs === null) return null;
  return {
    totalMs: rounded(row.totalMs),
    queueMs: roundedOrNull(row.queueMs),
    workerMs: roundedOrNull(row.workerMs),
    lmMs: roundedOrNull(row.lmMs),
    parseMs: roundedOrNull(row.parseMs),
    overheadMs: row.lmMs === null ? null : rounded(row.totalMs - row.lmMs),
  };
}

const traceIdOf = ({ traceparent }: Pick<ExecutionEntity, 'traceparent'>): string => traceparent.slice(3, 35);

/** What every line of the log about an execution says. */
export function toLogFields(row: Pick<ExecutionEntity, 'id' | 'traceparent'>): {
  executionId: string;
  traceId: string;
} {
  return { executionId: row.id, traceId: traceIdOf(row) };
}

/** The execution as callers see it; `omitted` is what a list left out of the row. */
export function toExecution(row: ExecutionEntity, omitted: ExecutionV1['omitted'] = []): ExecutionV1 {
  return {
    id: row.id,
    program: row.program,
    programId: row.programId,
    version: row.version,
    signature: row.signature,
    status: row.status,
    inputs: row.inputs,
    outputs: row.outputs,
    omitted,
    error: row.error,
    model: row.model,
    adapter: row.adapter,
    format: row.format,
    lane: row.lane,
    worker: row.worker,
    usage: { promptTokens: row.promptTokens, completionTokens: row.completionTokens, costUsd: row.costUsd },
    timing: timingOf(row),
    recovery: row.recovery,
    coercions: row.coercions,
    stream: row.stream,
    lastSequence: row.lastSequence,
    cached: row.cached,
    attempt: row.attempt,
    ...(row.batchId !== null && row.batchIndex !== null && { batchId: row.batchId, batchIndex: row.batchIndex }),
    ...(row.rerunOf !== null && { rerunOf: row.rerunOf }),
    ...(row.replayOf !== null && { replayOf: row.replayOf }),
    traceId: traceIdOf(row),
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

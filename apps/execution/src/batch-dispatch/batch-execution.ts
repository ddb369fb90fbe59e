import type { Coercion, JsonObject } from '@dspy-nest/contracts';
import { answerKey } from '../answers/answer-key';
import type { BatchEntity } from '../batches/batch.entity';
import { BATCH_LANE } from '../dispatch/replica';
import type { ExecutionEntity } from '../executions/execution.entity';
import { NOT_BEGUN } from '../lifecycle/execution-outcome';

/** A row that has not been handed to the fleet. */
export interface PendingRow {
  readonly index: number;
  readonly execution_id: string;
  readonly inputs: JsonObject;
  readonly coercions: Coercion[];
}

/** The execution of a row, accepted at `now`. Nobody waits for it, so it has no deadline. */
export function batchExecution(batch: BatchEntity, row: PendingRow, now: Date): ExecutionEntity {
  const { maxConcurrency: _, parallelCalls: __, ...plan } = batch.plan;
  const execution = {
    ...NOT_BEGUN,
    ...plan,
    tenant: batch.tenant,
    id: row.execution_id,
    programId: batch.programId,
    program: batch.program,
    version: batch.version,
    signature: batch.signature,
    inputs: row.inputs,
    coercions: row.coercions,
    model: batch.model,
    adapter: batch.adapter,
    format: batch.format,
    fallback: plan.fallback ?? false,
    ensemble: plan.ensemble ?? null,
    lane: BATCH_LANE,
    stream: false,
    deadlineAt: null,
    dispatchedAt: now,
    batchId: batch.id,
    batchIndex: row.index,
    rerunOf: null,
    replayOf: null,
    traceparent: batch.traceparent,
    createdAt: now,
  } satisfies Omit<ExecutionEntity, 'cacheKey'>;
  return { ...execution, cacheKey: plan.cacheTtlS === null ? null : answerKey(execution) };
}

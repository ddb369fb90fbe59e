import type { ExecutionCreateV1, ExecutionRepeatV1 } from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import { hasFallenBack } from '../dispatch/fallback';
import { INTERACTIVE_LANE } from '../dispatch/replica';
import type { ExecutionEntity } from '../executions/execution.entity';
import { NOT_BEGUN } from '../lifecycle/execution-outcome';
import { asksAtOnce } from './replayable';

/** The request that does an execution again: the same version, inputs, model and settings, and the model asked anew. */
export function rerunRequest({ id, wait }: ExecutionRepeatV1, of: ExecutionEntity): ExecutionCreateV1 {
  return {
    id,
    program: of.programId,
    version: of.version,
    inputs: of.inputs,
    // Of several models at once the row names the one whose answer was taken.
    ...(!asksAtOnce(of) && { model: of.model }),
    // Where one ran because no worker lived is not what was asked for.
    ...(!hasFallenBack(of) && { adapter: of.adapter, format: of.format }),
    timeoutMs: of.timeoutMs,
    limits: of.limits,
    maxRetries: of.maxRetries,
    cache: false,
    wait,
    rerunOf: of.id,
  };
}

/** The row of a replay that was just accepted. It records nothing: its original has the recording. */
export function replayRow(
  { traceparent }: Pick<RequestContext, 'traceparent'>,
  { id, wait }: ExecutionRepeatV1,
  of: ExecutionEntity,
  now: Date,
): ExecutionEntity {
  return {
    ...of,
    ...NOT_BEGUN,
    id,
    ensemble: null,
    fallback: false,
    coercions: of.coercions.filter(({ pointer }) => pointer.startsWith('/inputs')),
    lane: INTERACTIVE_LANE,
    record: false,
    stream: !wait,
    deadlineAt: wait ? new Date(now.getTime() + of.timeoutMs) : null,
    dispatchedAt: now,
    cacheKey: null,
    cacheTtlS: null,
    batchId: null,
    batchIndex: null,
    rerunOf: null,
    replayOf: of.id,
    traceparent,
    createdAt: now,
  };
}

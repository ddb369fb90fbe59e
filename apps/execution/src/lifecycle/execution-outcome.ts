import type {
  Coercion,
  ExecutionCreateV1,
  ExecutionOutcomeV1,
  ModelCallV1,
  ModelV1,
  ProgramVersionV1,
  Recovery,
  TerminalStatus,
  WireError,
} from '@dspy-nest/contracts';
import type { RequestContext } from '@dspy-nest/platform';
import type { Answer } from '../answers/answer-cache';
import { answerKey } from '../answers/answer-key';
import type { ExecutionPlan } from '../dispatch/execution-plan';
import { DEFAULT_POOL } from '../dispatch/replica';
import type { ExecutionEntity } from '../executions/execution.entity';
import type { CheckedInputs } from '../programs/inputs';

/** An execution that has ended. */
export type FinishedExecution = ExecutionEntity & {
  status: TerminalStatus;
  totalMs: number;
  finishedAt: Date;
  calls?: ModelCallV1[];
};

const NO_RECOVERY: Recovery = { modelRetries: 0, parseRetries: 0, repairs: 0 };

/** What every execution is before a worker has begun with it. */
export const NOT_BEGUN = {
  status: 'queued',
  outputs: null,
  error: null,
  worker: null,
  attempt: 0,
  epoch: 1,
  promptTokens: null,
  completionTokens: null,
  costUsd: null,
  totalMs: null,
  queueMs: null,
  workerMs: null,
  lmMs: null,
  parseMs: null,
  recovery: NO_RECOVERY,
  lastSequence: null,
  cached: false,
  finishedAt: null,
} as const satisfies Partial<ExecutionEntity>;

interface Accepted {
  readonly request: ExecutionCreateV1;
  readonly checked: CheckedInputs;
  readonly program: ProgramVersionV1;
  readonly model: ModelV1;
  readonly ensemble: ExecutionEntity['ensemble'];
  readonly plan: ExecutionPlan;
}

/** The row of an execution that was just accepted. Only who waits sets a deadline: others take the time the queue takes. */
export function acceptedExecution(
  ctx: RequestContext,
  { request, checked, program, model, ensemble, plan }: Accepted,
  now: Date,
): ExecutionEntity {
  const row = {
    ...NOT_BEGUN,
    tenant: ctx.tenant,
    id: request.id,
    programId: program.programId,
    program: program.name,
    version: program.version,
    signature: program.signature.name,
    inputs: checked.inputs,
    coercions: recordedCoercions(checked.coercions, plan.record),
    model: model.name,
    modelId: model.id,
    modelVersion: model.version,
    adapter: plan.adapter,
    format: plan.format,
    fallback: plan.fallback,
    ensemble,
    pool: DEFAULT_POOL,
    lane: plan.lane,
    programHash: program.hash,
    timeoutMs: plan.timeoutMs,
    limits: plan.limits,
    maxRetries: plan.maxRetries,
    record: plan.record,
    stream: plan.stream,
    deadlineAt: request.wait ? new Date(now.getTime() + plan.timeoutMs) : null,
    dispatchedAt: now,
    cacheTtlS: plan.cacheTtlS,
    batchId: null,
    batchIndex: null,
    rerunOf: request.rerunOf ?? null,
    replayOf: null,
    traceparent: ctx.traceparent,
    createdAt: now,
  } satisfies Omit<ExecutionEntity, 'cacheKey'>;
  return { ...row, cacheKey: plan.cacheTtlS === null ? null : answerKey(row) };
}

/** What was mended and how; without the values, which are contents like prompts and completions, unless these are recorded. */
export function recordedCoercions(coercions: Coercion[], record: boolean): Coercion[] {
  return record ? coercions : coercions.map(({ pointer, rule }) => ({ pointer, from: null, to: null, rule }));
}

/** The execution as a worker says it ended. */
export function finishedByWorker(
  row: ExecutionEntity,
  outcome: ExecutionOutcomeV1,
  totalMs: number,
): FinishedExecution {
  return {
    ...row,
    ...answeredBy(row, outcome.answeredBy),
    status: outcome.status,
    outputs: outcome.outputs as ExecutionEntity['outputs'],
    error: outcome.error,
    coercions: [...row.coercions, ...outcome.coercions],
    worker: outcome.worker,
    attempt: outcome.attempt,
    promptTokens: outcome.usage.promptTokens,
    completionTokens: outcome.usage.completionTokens,
    costUsd: outcome.usage.costUsd,
    totalMs,
    queueMs: outcome.queueMs,
    workerMs: outcome.workerMs,
    lmMs: outcome.lmMs,
    parseMs: outcome.parseMs,
    recovery: outcome.recovery,
    calls: outcome.calls,
    finishedAt: new Date(row.createdAt.getTime() + totalMs),
  };
}

/** The model of an execution once it is known whose answer was taken; as it is where that is none of several. */
function answeredBy({ ensemble }: ExecutionEntity, modelId: string | undefined): Partial<ExecutionEntity> {
  const model = ensemble?.models.find(({ id }) => id === modelId);
  if (model === undefined) return {};
  return { model: model.name, modelId: model.id, modelVersion: model.version, format: model.format };
}

/** The execution as the answer to the same question ends it: no model was asked, so nothing was used. */
export function finishedByAnswer(row: ExecutionEntity, answer: Answer, totalMs: number): FinishedExecution {
  return {
    ...row,
    ...answeredBy(row, answer.modelId),
    status: 'succeeded',
    outputs: answer.outputs as ExecutionEntity['outputs'],
    coercions: answer.coercions,
    cached: true,
    // Nothing happened but that it was taken in.
    lastSequence: row.stream ? 1 : null,
    promptTokens: 0,
    completionTokens: 0,
    costUsd: 0,
    totalMs,
    lmMs: 0,
    finishedAt: new Date(row.createdAt.getTime() + totalMs),
  };
}

/** How the platform itself ends an execution: somebody cancelled it, nobody waits any more, or its job keeps being lost. */
export type PlatformEnding = 'cancelled' | 'timed_out' | 'failed';

/** The execution as the platform ended it. */
export function finishedByPlatform(row: ExecutionEntity, status: PlatformEnding, totalMs: number): FinishedExecution {
  const finishedAt = new Date(row.createdAt.getTime() + totalMs);
  return { ...row, status, error: platformError(row, status), totalMs, finishedAt };
}

/** The execution of an outcome that no database column can hold: its model wrote text that is not Unicode. */
export function withUnstorableOutputs(row: FinishedExecution): FinishedExecution {
  const message =
    'The model answered with text that is not well-formed Unicode (or holds U+0000); ask again or use another model.';
  return {
    ...row,
    status: 'failed',
    outputs: null,
    error: { code: 'output_invalid', message, retryable: true, details: {} },
  };
}

function platformError(row: ExecutionEntity, status: PlatformEnding): WireError {
  const error = (code: string, message: string): WireError => ({
    code,
    message,
    retryable: code === 'timed_out',
    details: {},
  });
  if (status === 'cancelled') return error('cancelled', `Execution ${row.id} was cancelled.`);
  if (status === 'timed_out') {
    const remedy = 'give it more with timeoutMs, or send "Prefer: respond-async".';
    return error('timed_out', `Execution ${row.id} did not end within ${row.timeoutMs} ms; ${remedy}`);
  }
  const remedy = 'Look whether the work queue and the workers are well, then replay its dead letter.';
  const message = `The job of execution ${row.id} was dispatched ${row.epoch} times and lost each time. ${remedy}`;
  return error('worker_crashed', message);
}

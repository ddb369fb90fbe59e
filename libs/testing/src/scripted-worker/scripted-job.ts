import type { ExecutionOutcomeV1, ExecutionRunV1 } from '@dspy-nest/contracts';
import type { ToldTokens } from './told-tokens';

/** A job as a handler sees it. */
export interface ScriptedJob extends ExecutionRunV1 {
  /** Asked for, where they are too large for the job. */
  readonly inputs: Record<string, unknown>;
  readonly tenant: string;
  /** 1 at the first delivery of this epoch. */
  readonly attempt: number;
  /** Aborted by a cancel signal for this execution; the worker then tells the outcome itself. */
  readonly signal: AbortSignal;
  /** Begins to tell tokens; the outcome then says how far that came. */
  tokens(): Promise<ToldTokens>;
}

/** What a handler says of a job; the worker fills in the rest. By default it succeeded with no outputs. */
export type ScriptedOutcome = Partial<ExecutionOutcomeV1>;

/** Works on a job; a promise that never settles is a call that hangs. */
export type JobHandler = (job: ScriptedJob) => ScriptedOutcome | void | Promise<ScriptedOutcome | void>;

/** A whole, valid outcome of a job. */
export function outcomeOf(
  job: ScriptedJob,
  worker: string,
  startedAtMs: number,
  said: ScriptedOutcome,
): ExecutionOutcomeV1 {
  const workerMs = Math.max(0, Date.now() - startedAtMs);
  return {
    executionId: job.executionId,
    tenant: job.tenant,
    epoch: job.epoch,
    attempt: job.attempt,
    worker,
    status: said.error ? 'failed' : 'succeeded',
    outputs: said.error ? null : {},
    error: null,
    coercions: [],
    usage: { promptTokens: 1, completionTokens: 1, costUsd: null },
    queueMs: Math.max(0, startedAtMs - job.acceptedAtMs),
    workerMs,
    lmMs: 0,
    parseMs: 0,
    recovery: { modelRetries: 0, parseRetries: 0, repairs: 0 },
    calls: [],
    ...said,
  };
}

/** The outcome of a job that was cancelled or ran out of time. */
export function interrupted(reason: 'cancelled' | 'timed_out'): ScriptedOutcome {
  const message = reason === 'cancelled' ? 'Cancelled by its caller.' : 'Out of time.';
  const error = { code: reason, message, retryable: reason === 'timed_out', details: {} };
  return { status: reason, outputs: null, error };
}

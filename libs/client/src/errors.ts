import type { Evaluation } from './evaluation';
import type { Execution } from './execution';
import type { Optimization } from './optimization';

/** One place in what was sent, as a JSON pointer, and what is wrong there. */
export interface FieldError {
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** What is known of an error beside its message. */
export interface ErrorFacts {
  readonly code: string;
  readonly retryable: boolean;
  readonly status?: number;
  readonly retryAfterMs?: number;
  readonly traceId?: string;
  readonly errors?: readonly FieldError[];
  readonly cause?: unknown;
}

/** Everything the client throws, but for the reason of an AbortSignal, which is thrown as it is. */
export class DspyNestError extends Error {
  override readonly name: string = 'DspyNestError';
  /** Stable; tell errors apart by it. */
  readonly code: string;
  /** Whether the same may go well later. */
  readonly retryable: boolean;
  /** The HTTP status, if there was an answer. */
  readonly status: number | undefined;
  /** How long the platform asks to wait. */
  readonly retryAfterMs: number | undefined;
  /** Finds the request in the platform's logs and traces. */
  readonly traceId: string | undefined;
  /** What is wrong, place by place. */
  readonly errors: readonly FieldError[];

  constructor(message: string, { code, retryable, status, retryAfterMs, traceId, errors = [], cause }: ErrorFacts) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.retryable = retryable;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
    this.traceId = traceId;
    this.errors = errors;
  }
}

/** There was no answer: nothing listens, or the connection broke. */
export class ConnectionError extends DspyNestError {
  override readonly name = 'ConnectionError';
}

/** There was no answer in time. */
export class RequestTimeoutError extends DspyNestError {
  override readonly name = 'RequestTimeoutError';
}

/** The answer is not one of DSPy-Nest. */
export class UnexpectedAnswerError extends DspyNestError {
  override readonly name = 'UnexpectedAnswerError';
}

/** The request breaks a rule (400, 413, 415, 422); `errors` says where. */
export class InvalidRequestError extends DspyNestError {
  override readonly name = 'InvalidRequestError';
}

/** The API key is missing or not known (401). */
export class UnauthorizedError extends DspyNestError {
  override readonly name = 'UnauthorizedError';
}

/** The API key does not allow it (403). */
export class ForbiddenError extends DspyNestError {
  override readonly name = 'ForbiddenError';
}

/** There is no such thing, or it is not yours (404). */
export class NotFoundError extends DspyNestError {
  override readonly name = 'NotFoundError';
}

/** It does not go with what is there already (409, 412). */
export class ConflictError extends DspyNestError {
  override readonly name = 'ConflictError';
}

/** Turned away because there is too much to do (429); nothing was made. */
export class OverloadedError extends DspyNestError {
  override readonly name = 'OverloadedError';
}

/** The platform, or a part of it, cannot be reached (502, 503, 504). */
export class UnavailableError extends DspyNestError {
  override readonly name = 'UnavailableError';
}

/** An execution that ended otherwise than well; the platform has already tried again what could be. */
export class ExecutionFailedError extends DspyNestError {
  override readonly name = 'ExecutionFailedError';
  readonly execution: Execution;

  constructor(message: string, facts: ErrorFacts, execution: Execution) {
    super(message, facts);
    this.execution = execution;
  }
}

/** An evaluation that was waited for and was not completed. */
export class EvaluationFailedError extends DspyNestError {
  override readonly name = 'EvaluationFailedError';
  readonly evaluation: Evaluation;

  constructor(evaluation: Evaluation) {
    super(...endOf('evaluation', evaluation));
    this.evaluation = evaluation;
  }
}

/** An optimisation that was waited for and was not completed. */
export class OptimizationFailedError extends DspyNestError {
  override readonly name = 'OptimizationFailedError';
  readonly optimization: Optimization;

  constructor(optimization: Optimization) {
    super(...endOf('optimisation', optimization));
    this.optimization = optimization;
  }
}

function endOf(kind: string, { error, status, traceId }: Evaluation | Optimization): [string, ErrorFacts] {
  const facts = { code: error?.code ?? status, retryable: error?.retryable ?? false, traceId };
  return [error?.message ?? `The ${kind} ended as ${status}.`, facts];
}

/** The error of an execution that has ended, but not well. */
export function failureOf(execution: Execution): ExecutionFailedError {
  const { error, status, traceId } = execution;
  const code = error?.code ?? status;
  const facts = { code, retryable: error?.retryable ?? status === 'timed_out', traceId };
  return new ExecutionFailedError(error?.message ?? `The execution ended as ${status}.`, facts, execution);
}

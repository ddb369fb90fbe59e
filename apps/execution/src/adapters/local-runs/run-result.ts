import type { ExecutionOutcomeV1, WireError } from '@dspy-nest/contracts';

/** What running a program came to: the part of an outcome that does not depend on whose execution it is. */
export type RunResult = Pick<
  ExecutionOutcomeV1,
  'status' | 'outputs' | 'error' | 'coercions' | 'usage' | 'lmMs' | 'parseMs' | 'recovery' | 'calls' | 'lastSequence'
>;

/** What is to be told of a run that asked no model, beside its status, outputs and error. */
export const NO_MODEL_ASKED = {
  coercions: [],
  usage: { promptTokens: null, completionTokens: null, costUsd: null },
  lmMs: 0,
  parseMs: 0,
  recovery: { modelRetries: 0, parseRetries: 0, repairs: 0 },
  calls: [],
} as const satisfies Partial<RunResult>;

/** Why an execution was stopped from outside. */
export class Stopped extends Error {
  override readonly name = 'Stopped';

  constructor(readonly reason: 'cancelled' | 'timed_out') {
    super(reason);
  }
}

const STOPPED = {
  cancelled: 'The execution was cancelled.',
  timed_out: 'The execution did not end in time. Allow more with timeoutMs, or use a faster model.',
} as const;

/** Why an execution was stopped, as its caller is told. */
export function stoppedError({ reason }: Stopped): WireError {
  return { code: reason, message: STOPPED[reason], retryable: reason === 'timed_out', details: {} };
}

/** An error that no adapter has a word for. */
export function unexpectedError(): WireError {
  const message = 'The execution service met an unexpected error. Its log has the particulars; please report it.';
  return { code: 'internal', message, retryable: false, details: {} };
}

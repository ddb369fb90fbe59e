import type { ExecutionOutcomeV1 } from '@dspy-nest/contracts';

/** What running a program came to: the part of an outcome that does not depend on whose execution it is. */
export type RunResult = Pick<
  ExecutionOutcomeV1,
  'status' | 'outputs' | 'error' | 'coercions' | 'usage' | 'lmMs' | 'parseMs' | 'recovery' | 'calls'
>;

/** Why an execution was stopped from outside. */
export class Stopped extends Error {
  override readonly name = 'Stopped';

  constructor(readonly reason: 'cancelled' | 'timed_out') {
    super(reason);
  }
}

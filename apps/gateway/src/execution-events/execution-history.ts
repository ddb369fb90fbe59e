import { isTerminal, type ExecutionEventV1, type ExecutionV1 } from '@dspy-nest/contracts';

type Step = Omit<ExecutionEventV1, 'sequence'>;

/** The number of `started`, which what a worker tells comes after. */
export const STARTED = 2;

/** What comes before all that a worker tells. */
export const BEGINNING: readonly ExecutionEventV1[] = numbered(1, [
  { type: 'queued' },
  { type: 'started', attempt: 1 },
]);

/**
 * What is to be said of an execution by its stored state: so the numbers are the same at every gateway and at any time. The
 * history of a later state begins with that of an earlier one. What a worker tells has its place before the outputs: `told` is
 * the number of the last such event that is known, for an execution whose end was not told by its worker.
 */
export function historyOf(execution: ExecutionV1, told = 0): ExecutionEventV1[] {
  if (!execution.stream) return numbered(1, [{ type: 'queued' }, ...attemptsOf(execution), ...endOf(execution)]);
  const begun = BEGINNING.slice(0, execution.attempt === 0 ? 1 : STARTED);
  const last = Math.max(begun.length, execution.lastSequence ?? told);
  return [...begun, ...numbered(last + 1, endOf(execution))];
}

function numbered(first: number, steps: readonly Step[]): ExecutionEventV1[] {
  return steps.map((step, index) => ({ sequence: first + index, ...step }));
}

function attemptsOf({ attempt }: ExecutionV1): Step[] {
  return Array.from({ length: attempt }, (_, index) => ({
    type: index === 0 ? 'started' : 'restarted',
    attempt: index + 1,
  }));
}

function endOf(execution: ExecutionV1): Step[] {
  const { status, outputs, error } = execution;
  if (!isTerminal(status)) return [];
  const end: Step = { type: status, ...(error !== null && { error }), execution: withoutInputs(execution) };
  return outputs === null ? [end] : [{ type: 'outputs', outputs }, end];
}

/** Who follows an execution knows what it began with, or can read it; images in it may be large. */
function withoutInputs(execution: ExecutionV1): ExecutionV1 {
  return { ...execution, inputs: {}, omitted: ['inputs'] };
}

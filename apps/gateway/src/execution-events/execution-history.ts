import { isTerminal, type ExecutionEventV1, type ExecutionV1 } from '@dspy-nest/contracts';

type Step = Omit<ExecutionEventV1, 'sequence'>;

/**
 * All that has happened to an execution, by its stored state alone: so the numbers are the same at every gateway and at any
 * time. The history of a later state begins with that of an earlier one.
 */
export function historyOf(execution: ExecutionV1): ExecutionEventV1[] {
  const steps = [{ type: 'queued' } as const, ...attemptsOf(execution), ...endOf(execution)];
  return steps.map((step, index) => ({ sequence: index + 1, ...step }));
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

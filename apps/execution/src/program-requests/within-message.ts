import type { ExecutionV1 } from '@dspy-nest/contracts';
import { isTooLargeForMessage } from '@dspy-nest/messaging';

/**
 * The execution as one message carries it: what is too large is left out and named in `omitted`, inputs first, as in a list.
 * Who is outside of the platform cannot claim what was left in its payload store.
 */
export function withinMessage(execution: ExecutionV1): ExecutionV1 {
  if (fits(execution)) return execution;
  const withoutInputs: ExecutionV1 = { ...execution, inputs: {}, omitted: ['inputs'] };
  if (fits(withoutInputs)) return withoutInputs;
  return { ...withoutInputs, outputs: null, omitted: ['inputs', 'outputs'] };
}

const fits = (data: ExecutionV1): boolean => !isTooLargeForMessage(JSON.stringify({ ok: true, data }));

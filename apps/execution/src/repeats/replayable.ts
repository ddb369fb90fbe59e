import type { Ensemble, ModelCallV1 } from '@dspy-nest/contracts';
import type { ExecutionEntity } from '../executions/execution.entity';

/** What an execution has to be like for a replay of it. */
interface Original {
  readonly status: string;
  readonly cached: boolean;
  readonly record: boolean;
  readonly ensemble: Ensemble | null;
}

/** Whether several models were asked at the same time; those of a chain are asked one after the other. */
export function asksAtOnce({ ensemble }: Pick<Original, 'ensemble'>): boolean {
  return ensemble !== null && ensemble.strategy !== 'chain';
}

/** The calls of the model whose answer was taken; of those of a chain before it nothing came. */
export function callsOfAnswer(
  of: Pick<ExecutionEntity, 'ensemble' | 'model' | 'modelVersion'>,
  calls: readonly ModelCallV1[],
): ModelCallV1[] {
  if (of.ensemble?.strategy !== 'chain') return [...calls];
  return calls.filter(({ model }) => model === `${of.model}@${of.modelVersion}`);
}

/**
 * Says why an execution cannot be replayed, undefined if it can: each model answer that counted has to be there, whole. One
 * whose call was made again after it had failed did not count.
 */
export function whyNotReplayable(of: Original, calls: readonly ModelCallV1[], tools: number): string | undefined {
  if (of.status !== 'succeeded' && of.status !== 'failed') {
    return `it is ${of.status}, and only what has succeeded or failed can be replayed`;
  }
  if (of.cached) return 'it was answered from the cache, without a model; replay the execution that asked the model';
  if (asksAtOnce(of))
    return 'several models were asked at once, of which not all may have answered; run it again instead';
  if (tools > 0) return 'its program calls tools, which would do again what they did; run it again instead';
  if (!of.record) return 'its program records no model answers (config.record is "none"); run it again instead';
  if (calls.length === 0) return 'its model calls are not kept (any more); run it again instead';
  const missing = calls.find((call, index) => calls[index + 1]?.reason !== 'model_retry' && !hasAnswer(call));
  if (missing === undefined) return undefined;
  return `model call ${missing.index} has no whole answer recorded; run it again instead`;
}

/** An answer that could not be read is an answer too. */
function hasAnswer({ completion, errorCode, truncated }: ModelCallV1): boolean {
  return completion !== null && !truncated && (errorCode === null || errorCode === 'output_invalid');
}

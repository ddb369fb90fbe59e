import type { ModelV1 } from '@dspy-nest/contracts';
import { cheapestFirst } from './cheapest-first';

/** What is known of a model. */
export interface ModelState {
  /** Whether executions may go to it now. */
  readonly isWell: boolean;
  /** The 95th percentile of the time that it took lately; undefined while too little is known. */
  readonly p95Ms: number | undefined;
}

/**
 * The models that an execution asks, one after the other while they are away: those that are well and quick enough by their
 * price, then those that are too slow by their speed. One of which too little is known is quick enough, or nobody would learn
 * how quick it is. Where none is well it is the cheapest alone.
 */
export function modelsInOrder(
  models: readonly ModelV1[],
  stateOf: (model: ModelV1) => ModelState,
  maxP95Ms = Infinity,
): ModelV1[] {
  const known = cheapestFirst(models).map((model) => ({ model, ...stateOf(model) }));
  const well = known.filter(({ isWell }) => isWell);
  if (well.length === 0) return known.slice(0, 1).map(({ model }) => model);
  const isQuick = ({ p95Ms = 0 }: ModelState): boolean => p95Ms <= maxP95Ms;
  const slow = well.filter((one) => !isQuick(one)).sort((a, b) => (a.p95Ms ?? 0) - (b.p95Ms ?? 0));
  return [...well.filter(isQuick), ...slow].map(({ model }) => model);
}

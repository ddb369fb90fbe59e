import { isOptimizationOver, type OptimizationOrderV1, type OptimizationStatus } from '@dspy-nest/contracts';

/** The attempt that an optimisation is in. */
export interface HeldRun {
  readonly status: OptimizationStatus;
  readonly epoch: number;
  readonly attempt: number;
  readonly worker: string | null;
}

/** The attempt that a worker speaks of. */
export interface ToldRun {
  readonly epoch: number;
  readonly attempt: number;
  readonly worker: string;
}

/** What a worker is to do that speaks of an attempt: it drops one that is over, or that another worker has taken over. */
export function runOrder(held: HeldRun, told: ToldRun): OptimizationOrderV1['order'] {
  const isOfNoInterest =
    isOptimizationOver(held.status) ||
    held.status === 'judging' ||
    told.epoch !== held.epoch ||
    told.attempt < held.attempt;
  const isOfAnother = told.attempt === held.attempt && held.worker !== null && told.worker !== held.worker;
  if (isOfNoInterest || isOfAnother) return 'drop';
  return held.status === 'stopping' ? 'stop' : 'go_on';
}

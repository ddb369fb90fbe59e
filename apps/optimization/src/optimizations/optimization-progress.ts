import { isOptimizationOver, type OptimizationProgress, type OptimizationStatus } from '@dspy-nest/contracts';

/** What tells how fast an optimisation goes. */
export interface OptimizationPace {
  readonly status: OptimizationStatus;
  readonly trials: number;
  readonly planned: number | null;
  /** When the present attempt began. */
  readonly startedAt: Date | null;
  /** When the last trial ended. */
  readonly trialAt: Date | null;
}

/** How far an optimisation is and, where the number of its trials is known, when the last will end if it goes on like this. */
export function optimizationProgress({
  status,
  trials,
  planned,
  startedAt,
  trialAt,
}: OptimizationPace): OptimizationProgress {
  const fraction = planned === null ? null : Math.min(1, trials / planned);
  const isGoingOn = !isOptimizationOver(status) && trials > 0;
  if (!isGoingOn || planned === null || startedAt === null || trialAt === null)
    return { trials, planned, fraction, etaAt: null };
  const msPerTrial = (trialAt.getTime() - startedAt.getTime()) / trials;
  const etaAt = new Date(trialAt.getTime() + msPerTrial * Math.max(0, planned - trials)).toISOString();
  return { trials, planned, fraction, etaAt };
}

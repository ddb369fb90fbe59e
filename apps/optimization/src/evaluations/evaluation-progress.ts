import { isEvaluationOver, type EvaluationProgress, type EvaluationStatus } from '@dspy-nest/contracts';

/** What tells how fast an evaluation goes. */
export interface EvaluationPace {
  readonly status: EvaluationStatus;
  readonly total: number;
  readonly ended: number;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** How far an evaluation is, how fast it went so far, and when it will end if it goes on like this. */
export function progressOf(pace: EvaluationPace, now: Date): EvaluationProgress {
  const { total, ended, startedAt, finishedAt } = pace;
  const fraction = total === 0 ? 0 : ended / total;
  const seconds = startedAt === null ? 0 : ((finishedAt ?? now).getTime() - startedAt.getTime()) / 1_000;
  if (seconds <= 0 || ended === 0) return { fraction, examplesPerS: null, etaAt: null };
  const rate = ended / seconds;
  const isGoingOn = !isEvaluationOver(pace.status);
  const etaAt = isGoingOn ? new Date(now.getTime() + ((total - ended) / rate) * 1_000).toISOString() : null;
  return { fraction, examplesPerS: Math.round(rate * 10) / 10, etaAt };
}

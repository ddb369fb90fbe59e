import { isEvaluationOver, type EvaluationProgress, type EvaluationStatus } from '@dspy-nest/contracts';

/** What tells how fast an evaluation goes. */
export interface EvaluationPace {
  readonly status: EvaluationStatus;
  readonly total: number;
  readonly answered: number;
  readonly ended: number;
  /** Whether answers have to be judged before they count. */
  readonly isJudged: boolean;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** How far an evaluation is, how fast it went so far, and when it will end if it goes on like this. */
export function progressOf(pace: EvaluationPace, now: Date): EvaluationProgress {
  const { total, startedAt, finishedAt } = pace;
  const fraction = fractionOf(pace);
  const seconds = startedAt === null ? 0 : ((finishedAt ?? now).getTime() - startedAt.getTime()) / 1_000;
  if (seconds <= 0 || fraction === 0) return { fraction, examplesPerS: null, etaAt: null };
  const rate = (fraction * total) / seconds;
  const isGoingOn = !isEvaluationOver(pace.status);
  const etaAt = isGoingOn ? new Date(now.getTime() + ((1 - fraction) * total * 1_000) / rate).toISOString() : null;
  return { fraction, examplesPerS: Math.round(rate * 10) / 10, etaAt };
}

/** Judging counts as much as answering. */
function fractionOf({ total, answered, ended, isJudged }: EvaluationPace): number {
  if (total === 0) return 0;
  return isJudged ? (Math.max(answered, ended) + ended) / (2 * total) : ended / total;
}

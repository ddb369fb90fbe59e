import type { OptimizationOutcomeV1, OptimizationProgressV1 } from '@dspy-nest/contracts';
import type { OptimizationEntity } from '../optimizations/optimization.entity';
import { addUsage, NO_USAGE } from '../optimizations/usage';

type Change = Partial<OptimizationEntity>;

/** What changes when a worker first speaks of an attempt: the run begins, and what an attempt before found is lost, not what it cost. */
export function begunBy(held: OptimizationEntity, { attempt, worker }: OptimizationProgressV1, now: Date): Change {
  if (attempt === held.attempt) return {};
  return {
    attempt,
    worker,
    startedAt: now,
    trialAt: null,
    ...(held.status === 'queued' && { status: 'running' as const }),
    trials: 0,
    planned: null,
    parentScore: null,
    bestScore: null,
    bestTrial: null,
    bestState: null,
    parentState: null,
    spentBefore: {
      calls: held.spentBefore.calls + held.calls,
      usage: addUsage(held.spentBefore.usage, held.usage),
    },
    calls: 0,
    usage: NO_USAGE,
  };
}

/** What changes by what a worker tells of an attempt. What was told before changes nothing. */
export function progressedBy(
  held: Pick<OptimizationEntity, 'trials' | 'calls'>,
  told: OptimizationProgressV1,
  now: Date,
): Change {
  const { best, calls, usage } = told;
  const last = told.trials.filter(({ number }) => number > held.trials).at(-1);
  const first = told.trials.find(({ number, isFull }) => number === 1 && isFull);
  return {
    ...(last !== undefined && { trials: last.number, planned: last.planned, trialAt: now }),
    // An answer that was late must not take back what a later one counted.
    ...(calls > held.calls && { calls, usage }),
    ...(first !== undefined && { parentScore: first.score }),
    ...(best !== null && { bestScore: best.score, bestTrial: best.trial, bestState: best.state }),
  };
}

/** What changes when a worker brings the end of a run: a candidate that is better on validation is judged next. */
export function endedBy(told: OptimizationOutcomeV1, now: Date): Change {
  const { status, parent, best, error, usage, calls, versions } = told;
  return {
    stoppedEarly: status === 'stopped',
    ...(parent !== null && { parentScore: parent.score, parentState: parent.state }),
    ...(best !== null && { bestScore: best.score, bestTrial: best.trial, bestState: best.state }),
    usage,
    calls,
    versions,
    ...(status === 'failed' ? { status, error, finishedAt: now } : succeededBy(told, now)),
  };
}

function succeededBy({ parent, best }: OptimizationOutcomeV1, now: Date): Change {
  if (best !== null && best.trial !== parent?.trial) return { status: 'judging', step: 'store' };
  const conclusion = best === null ? 'It ended before any candidate was scored.' : NOTHING_BETTER;
  return { status: 'completed', conclusion, finishedAt: now };
}

const NOTHING_BETTER =
  'No candidate was better on validation than the program as it was, which stays as it is; nothing was judged on test.';

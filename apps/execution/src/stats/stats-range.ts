import type { ErrorItem, ExecutionStatsGetV1, StatsInterval } from '@dspy-nest/contracts';
import { ValidationFailedError } from '@dspy-nest/platform';

/** What ended is added up by this much time. */
const STEP_MS = 300_000;
const DAY_MS = 86_400_000;
const RANGE_DAYS_MAX = 92;

/** How long the times of a series are. */
export const INTERVALS_MS: Record<StatsInterval, number> = { five_minutes: STEP_MS, hour: 3_600_000, day: DAY_MS };
/** How far a series may go: one of five minutes is not read over months. */
const RANGE_DAYS: Record<StatsInterval, number> = { five_minutes: 2, hour: 31, day: RANGE_DAYS_MAX };

/** A time in steps: its start is in it, its end is not. */
export interface StatsRange {
  readonly from: Date;
  readonly to: Date;
}

/** The range that is asked for, widened to whole steps; throws ValidationFailedError when it is none or too long. */
export function statsRange(asked: Pick<ExecutionStatsGetV1, 'from' | 'to' | 'interval'>, now: Date): StatsRange {
  const to = Math.ceil((asked.to === undefined ? now.getTime() : Date.parse(asked.to)) / STEP_MS) * STEP_MS;
  const given = asked.from === undefined ? to - DAY_MS : Date.parse(asked.from);
  const from = Math.floor(given / STEP_MS) * STEP_MS;
  if (from >= to) throw invalid('"from" must be before "to".');
  const days = asked.interval === undefined ? RANGE_DAYS_MAX : RANGE_DAYS[asked.interval];
  if (to - from > days * DAY_MS + STEP_MS) {
    const by = asked.interval === undefined ? '' : ` by ${asked.interval}`;
    throw invalid(`A range${by} is at most ${days} days long; ask for less, or by a longer interval.`);
  }
  return { from: new Date(from), to: new Date(to) };
}

function invalid(message: string): ValidationFailedError {
  const error: ErrorItem = { pointer: '/from', code: 'invalid_argument', message };
  return new ValidationFailedError(message, [error]);
}

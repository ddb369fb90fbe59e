import type { Cell } from '../series/series';

/** How much is measured. */
export interface Plan {
  readonly cells: readonly Cell[];
  readonly repetitions: number;
  /** How long each side is called before the first measurement: what was compiled last is fastest. */
  readonly firstWarmUpMs: number;
  /** How long it is called before each measurement. */
  readonly warmUpMs: number;
  readonly measuredMs: number;
}

const cell = (delayMs: number, concurrency: number): Cell => ({ delayMs, concurrency });

/** The whole benchmark. */
export const FULL_PLAN: Plan = {
  cells: [cell(0, 1), cell(0, 16), cell(0, 64), cell(50, 1), cell(50, 16), cell(50, 64)],
  repetitions: 3,
  firstWarmUpMs: 4_000,
  warmUpMs: 700,
  measuredMs: 4_000,
};

/** Enough to see that it works, and how large things are. */
export const QUICK_PLAN: Plan = {
  cells: [cell(0, 1), cell(0, 16), cell(50, 64)],
  repetitions: 1,
  firstWarmUpMs: 500,
  warmUpMs: 300,
  measuredMs: 800,
};

/** Names of the series; the report looks for them by these. */
export const SERIES = {
  bare: 'bare DSPy, threads',
  paced: 'bare DSPy, paced',
  fastapi: 'FastAPI + acall',
  platform: 'platform',
  fastapiUnknown: 'FastAPI + acall, unknown model',
  platformUnknown: 'platform, unknown model',
  modelWhole: 'model alone, whole answers',
  modelStreamed: 'model alone, streamed',
} as const;
export type SeriesName = (typeof SERIES)[keyof typeof SERIES];

// A name that DSPy does not know is measured where CPU is short: there it decides.
const WITH_UNKNOWN: readonly Cell[] = [cell(0, 16), cell(50, 64)];

/** The series of a cell in their order: peers and platform one right after the other, so that both meet the same machine. */
export function seriesOf({ delayMs, concurrency }: Cell, repetition: number): SeriesName[] {
  const compared = [SERIES.bare, SERIES.fastapi, SERIES.platform];
  const paced = concurrency === 1 ? [SERIES.paced] : [];
  const hasUnknown = WITH_UNKNOWN.some((each) => each.delayMs === delayMs && each.concurrency === concurrency);
  const unknown = hasUnknown ? [SERIES.fastapiUnknown, SERIES.platformUnknown] : [];
  const model = delayMs === 0 && repetition === 0 ? [SERIES.modelWhole, SERIES.modelStreamed] : [];
  return [...model, ...paced, ...compared, ...unknown];
}

/** One measurement that is to be made. */
export interface Step {
  readonly cell: Cell;
  readonly repetition: number;
  readonly name: SeriesName;
}

/** All measurements in their order: repetitions are apart in time, so that one disturbance does not meet all of them. */
export function stepsOf({ cells, repetitions }: Plan): Step[] {
  return Array.from({ length: repetitions }, (_, repetition) =>
    cells.flatMap((cell) => seriesOf(cell, repetition).map((name) => ({ cell, repetition, name }))),
  ).flat();
}

import type { RunKind } from '../metric-kind';
import { positive } from '../setting';
import { shareLeft } from '../share-left';

/** 1 for an answer that cost nothing, falling evenly to 0 at `limitUsd`; not scored while the price is not known. */
export const cost: RunKind = {
  kind: 'cost',
  settings: { limitUsd: positive(true) },
  scoreRun: ({ costUsd }, metric) => shareLeft(costUsd, metric['limitUsd']),
};
